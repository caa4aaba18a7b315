import type { Db, Tx } from '../platform/database.ts'
import { normalizeEmail } from '../platform/email-address.ts'
import { addUp, type BrokenRows, type Check, check, type Findings } from './check.ts'

/** What things are known by: one name, one thing. */
export const nameChecks: Check[] = [
  check('No two customers of an account share an e-mail', twins('customers', 'id', 'account_id, email')),
  { name: 'E-mails are stored in the one spelling by which they are matched', find: findOtherSpellings },
  check(
    'No two things share a public id',
    twins('orders', 'id', 'public_id'),
    twins('order_lines', "order_id || '/' || position", 'public_id'),
    twins('tickets', "order_id || '/' || position", 'public_id'),
    twins('checkouts', 'id', 'public_id'),
    twins('mails', 'id', 'public_id'),
  ),
  check(
    'No two orders of an account share a code, no two tickets a check-in code',
    twins('orders', 'id', 'account_id, order_code'),
    twins('tickets', "order_id || '/' || position", 'account_id, check_in_code'),
  ),
  check(
    'No payment is asked for twice and no order imported twice',
    twins('payments', 'id', 'account_id, idempotency_key'),
    twins('orders', 'id', 'account_id, payment_id'),
    twins('orders', 'id', 'account_id, import_ref'),
    twins('checkouts', 'id', 'account_id, order_id'),
  ),
  check(
    'No two accounts share a subdomain, no two tokens a secret, no two events of an account a slug',
    twins('accounts', 'id', 'subdomain'),
    twins('api_tokens', 'id', 'token_hash'),
    twins('events', 'id', 'account_id, slug'),
  ),
  check(
    "An event's slug leads to it",
    (db) => db`
      select e.account_id, 'events ' || e.id as subject,
             coalesce('its slug leads to event ' || s.event_id, 'its slug is not in event_slugs') as problem
      from events e
      left join event_slugs s on s.account_id = e.account_id and s.slug = e.slug
      where s.event_id is distinct from e.id`,
  ),
]

/** Rows of `table` that are alike in all `columns`, of which none is null; `key` is SQL for what names a row. */
function twins(table: string, key: string, columns: string): BrokenRows {
  const account = table === 'accounts' ? 'null::integer' : 'min(account_id)'
  const present = columns.split(', ').map((column) => `${column} is not null`)
  return (db) =>
    db.unsafe(`
      select ${account} as account_id, '${table} ' || min((${key})::text) as subject,
             format('has the same ${columns} as %s and is one of %s', max((${key})::text), count(*)) as problem
      from ${table}
      where ${present.join(' and ')}
      group by ${columns}
      having count(*) > 1`)
}

/** Spelled anew in code, as when they came in: SQL's lower() knows another alphabet. */
async function findOtherSpellings(tx: Tx): Promise<Findings> {
  const found: Findings[] = []
  for await (const rows of readEmails(tx)) {
    const wrong = rows.filter(({ email }) => normalizeEmail(email) !== email)
    const examples = wrong.map(
      ({ accountId, subject }) => `account ${accountId}, ${subject}: would be spelled otherwise today`,
    )
    if (wrong.length > 0) found.push(addUp([{ broken: wrong.length, examples }]))
  }
  return addUp(found)
}

/** Orders and paid checkouts are left out: that theirs is their customer's is a promise of its own. */
function readEmails(db: Db) {
  return db<{ accountId: number; subject: string; email: string }[]>`
    select account_id, 'customers ' || id as subject, email from customers
    union all
    select account_id, 'checkouts ' || id, coalesce(buyer ->> 'email', '')
    from checkouts where buyer is not null and order_id is null
    union all
    select account_id, 'members ' || id, email from members`.cursor(10_000)
}
