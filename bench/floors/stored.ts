import { createHash } from 'node:crypto'
import { prepared, sql } from './connect.ts'

/** The account that the token belongs to. */
export async function accountOf(token: string): Promise<number> {
  const hash = createHash('sha256').update(token).digest()
  const [row] = await prepared('select account_id from api_tokens where token_hash = $1 and revoked_at is null', [hash])
  return row?.account_id
}

/** Since when counts all there is: its totals are stored by themselves. */
export const ever = '-infinity'

/** Count and sum as they are stored by day; event 0 stands for all. */
export async function totals(account: number, subject: string, eventSlug: string, since: string) {
  const event = eventSlug === '' ? '0' : '(select event_id from event_slugs where account_id = $1 and slug = $4)'
  const where = `account_id = $1 and subject = $2 and event_id = ${event}`
  const days = since === ever ? 'day = $3::text::date' : 'day >= $3::text::date'
  const [row] = await prepared(
    `select sum(count)::integer as count, sum(amount_minor)::bigint as amount from (
      select count, amount_minor from daily_totals where ${where} and ${days}
      union all select count, amount_minor from daily_total_changes where ${where} and day >= $3::text::date) t`,
    [account, subject, since, ...(eventSlug === '' ? [] : [eventSlug])],
  )
  return row
}

/** The first instant of this month and of this year, read once. */
export async function periods(): Promise<{ month: string; year: string }> {
  const [row] = await sql`
    select date_trunc('month', now(), 'Europe/Berlin') as month, date_trunc('year', now(), 'Europe/Berlin') as year`
  return { month: row?.month, year: row?.year }
}
