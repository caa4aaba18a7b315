import type { Faults } from './planted-faults.test.ts'

export const mailFaults: Faults = {
  'A mail that waits has a job that sends it': [
    {
      plant: "delete from graphile_worker._private_jobs where key = 'mail 1/1'",
      found: 'account 1, mails 1: waits, but no job will send it',
    },
    {
      plant: "update graphile_worker._private_jobs set attempts = max_attempts where key = 'mail 1/2'",
      found: 'account 1, mails 2: waits, but its job gave up after 20 attempts',
    },
  ],
}
