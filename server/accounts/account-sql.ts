import { type Sql, sql } from '../platform/sql.ts'
import type { Account } from './account.ts'

/** What statements say of an account: as values, or, before it is known, by what they find out themselves. */
export interface AccountSql {
  id: Sql
  timeZone: Sql
}

/** The account that the token belongs to, inside a `Question`. */
export const callersAccount: AccountSql = {
  id: sql`caller.account_id`,
  timeZone: sql`caller.time_zone`,
}

export function accountSql({ id, timeZone }: Account): AccountSql {
  return { id: sql`${id}`, timeZone: sql`${timeZone}` }
}
