import { callersAccount } from '../accounts/account-sql.ts'
import { type Sql, sql } from '../platform/sql.ts'

/** For what a `Question` is given: the caller's event of that slug, of today or earlier, as `eventBySlug`. */
export function givenEvent(slug: string): Sql {
  return sql`left join event_slugs event on event.account_id = ${callersAccount.id} and event.slug = ${slug}`
}

/** Its id, or null where there is none. */
export const eventBySlug = sql`event.event_id`
