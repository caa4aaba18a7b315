import { check } from './check.ts'

/** What is to be sent will be, once. */
export const mailChecks = [
  check(
    'A mail that waits has a job that sends it',
    (db) => db`
      select m.account_id, 'mails ' || m.id as subject,
             case when j.key is null then 'waits, but no job will send it'
                  else format('waits, but its job gave up after %s attempts', j.attempts) end as problem
      from mails m
      left join graphile_worker.jobs j on j.key = format('mail %s/%s', m.account_id, m.id)
      where m.status = 'waiting' and (j.key is null or (j.attempts >= j.max_attempts and j.locked_at is null))`,
  ),
]
