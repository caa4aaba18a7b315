import { countFailedMails } from '../mails/queries.ts'
import type { Db } from '../platform/database.ts'

/** What an organiser should see to, though nothing is broken. */
export async function listWarnings(db: Db, now: Date): Promise<string[]> {
  return [...(await listBareFooters(db)), ...(await listFailedMails(db, now))]
}

const monthMs = 30 * 86_400_000

/** Somebody waits for a mail that did not come. */
async function listFailedMails(db: Db, now: Date): Promise<string[]> {
  const failed = await countFailedMails(db, new Date(now.getTime() - monthMs))
  return failed.map(
    ({ accountId, count }) =>
      `account ${accountId}: ${count} ${count === 1 ? 'mail' : 'mails'} of the last 30 days failed. To whom and why: select recipient, kind, problem from mails where status = 'failed'`,
  )
}

/** Shops that sell without an imprint, terms or privacy notice in their footer. Publishing is not refused for it. */
async function listBareFooters(db: Db): Promise<string[]> {
  const rows = await db<{ id: number; subdomain: string; missing: string[] }[]>`
    select id, subdomain, missing
    from accounts a
    cross join lateral (
      select coalesce(array_agg(name), '{}') as missing
      from (values ('imprint', imprint), ('terms_url', terms_url), ('privacy_url', privacy_url)) s (name, value)
      where value is null
    ) m
    where missing <> '{}' and exists (select from events e where e.account_id = a.id and e.published)
    order by id`
  return rows.map(({ id, subdomain, missing }) => {
    const [first = ''] = missing
    return `account ${id}: the footer of the shop lacks ${missing.join(', ')}. Set it: foyer settings set --account ${subdomain} ${first} …`
  })
}
