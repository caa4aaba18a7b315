import type { Tx } from '../platform/database.ts'

/** The customers `from` to `to` of `import_customers`. */
export interface CustomerRange {
  from: number
  to: number
}

/**
 * Makes those who are not known, their sums included. Resolves to how many. Rejects with the violation of
 * `customers_account_id_email_key` where somebody came to be meanwhile: `on conflict` would look up each address twice.
 */
export async function insertImportedCustomers(tx: Tx, accountId: number, { from, to }: CustomerRange): Promise<number> {
  const made = await tx`
    insert into customers (account_id, id, email, name, name_set_at, company, company_set_at, phone, phone_set_at,
      total_spent_minor, marketing_consent_at, created_at)
    overriding system value
    select ${accountId}, id, email, name, name_set_at, company, company_set_at, phone, phone_set_at, spent_minor,
           marketing_consent_at, created_at
    from import_customers where n between ${from} and ${to} and not known
    order by n`
  return made.count
}

/**
 * Brings those who are known up to date, as `upsertCustomer` does with a purchase at a time: a filled-in field wins over
 * what was set earlier than its payment, the first consent stands. Resolves to how many.
 */
export async function updateImportedCustomers(tx: Tx, accountId: number, { from, to }: CustomerRange): Promise<number> {
  const later = (field: 'name' | 'company' | 'phone') => {
    const setAt = `${field}_set_at`
    return tx`
      ${tx(field)} = case when i.${tx(setAt)} >= coalesce(c.${tx(setAt)}, '-infinity') then i.${tx(field)} else c.${tx(field)} end,
      ${tx(setAt)} = greatest(c.${tx(setAt)}, i.${tx(setAt)})`
  }
  const updated = await tx`
    update customers c set
      ${later('name')}, ${later('company')}, ${later('phone')},
      total_spent_minor = c.total_spent_minor + i.spent_minor,
      marketing_consent_at = case when c.marketing_withdrawn_at is null
        then least(c.marketing_consent_at, i.marketing_consent_at)
        else (select min(o.paid_at) from orders o where o.account_id = c.account_id and o.customer_id = c.id
              and o.marketing_consent
              and (o.paid_at, o.id) > (c.marketing_withdrawn_at, c.marketing_withdrawn_order_id)) end,
      created_at = least(c.created_at, i.created_at)
    from ${importCustomers(tx, accountId, { from, to })} i
    where i.known and c.account_id = i.account_id and c.id = i.id and c.email = i.email`
  return updated.count
}

/** Notes for which events those bought who were not known. */
export async function insertNewCustomersEvents(tx: Tx, accountId: number, { from, to }: CustomerRange): Promise<void> {
  await tx`
    insert into customer_events (account_id, event_id, customer_id, customer_created_at, marketing_consent)
    select ${accountId}, e.event_id, i.id, i.created_at, i.marketing_consent_at is not null
    from import_customer_events e join import_customers i using (n)
    where e.n between ${from} and ${to} and i.n between ${from} and ${to} and not i.known
    order by i.id, e.event_id`
}

/** Notes for which events those bought who were known. Their rows are up to date by now. */
export async function insertKnownCustomersEvents(
  tx: Tx,
  accountId: number,
  { from, to }: CustomerRange,
): Promise<void> {
  await tx`
    insert into customer_events (account_id, event_id, customer_id, customer_created_at, marketing_consent)
    select ${accountId}, e.event_id, c.id, c.created_at, c.marketing_consent_at is not null
    from import_customer_events e
    join ${importCustomers(tx, accountId, { from, to })} i using (n)
    join customers c on c.account_id = i.account_id and c.id = i.id
    where e.n between ${from} and ${to} and i.known
    order by c.id, e.event_id
    on conflict (account_id, customer_id, event_id) do nothing`
}

/**
 * These rows with their account beside them. To the planner a new account has no customers (its statistics are of
 * yesterday), and it would read them all for each row of a part; `offset 0` keeps it from seeing which account it is.
 */
function importCustomers(tx: Tx, accountId: number, { from, to }: CustomerRange) {
  return tx`(
    select *, ${accountId}::integer as account_id from import_customers where n between ${from} and ${to} offset 0
  )`
}
