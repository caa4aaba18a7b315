import { callersAccount } from '../accounts/account-sql.ts'
import { type Sql, sql } from '../platform/sql.ts'

/** For what a `Question` is given: the caller's event of that slug, of today or earlier, as `eventBySlug`. */
export function givenEvent(slug: string): Sql {
  return sql`, event as materialized (
    select event_id from event_slugs where account_id = ${callersAccount.id} and slug = ${slug})`
}

/** Its id, or null where there is none. */
export const eventBySlug = sql`(select event_id from event)`
