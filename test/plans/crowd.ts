import type { Pool } from '../../server/platform/database.ts'

/** What an installation with many small accounts has in the tables that the large account hardly fills. */
export async function addCrowd(db: Pool): Promise<void> {
  await db`
    insert into accounts (name, subdomain, currency, time_zone, created_at)
    select 'Crowd ' || n, 'crowd-' || n, 'EUR', 'Europe/Berlin', '2025-01-01Z' from generate_series(1, 1000) n`
  await db`
    insert into api_tokens (account_id, description, permission, token_hash, created_at)
    select id, 'crowd', 'read', sha256(convert_to(id::text, 'UTF8')), created_at from accounts where subdomain like 'crowd-%'`
  await db`
    insert into venues (account_id, name, address, city, postal_code, country, time_zone)
    select id, 'Hall', 'Street 1', 'Berlin', '10115', 'DE', 'Europe/Berlin' from accounts where subdomain like 'crowd-%'`
  await db`
    insert into events (account_id, venue_id, slug, title, starts_at, ends_at, sales_ends_at, published, created_at)
    select account_id, id, 'evening', 'Evening', '2026-05-01Z', '2026-05-01Z', '2026-05-01Z', true, '2025-01-01Z' from venues`
  await db`
    insert into ticket_types (account_id, event_id, title, price_minor, position)
    select account_id, id, 'General Admission', 2100, 1 from events`
  await db`
    insert into promo_codes (account_id, code, discount_type, percent, created_at, updated_at)
    select account_id, upper(slug), 'percentage', 10, created_at, created_at from events`
  await addCheckouts(db)
  await addPayments(db)
}

/** Their holds ran out, and nobody has taken the places since. */
async function addCheckouts(db: Pool): Promise<void> {
  await db`
    insert into checkouts (account_id, public_id, event_id, status, total_minor, locale, created_at, expires_at)
    select account_id, 'crowd' || id || 'x' || n, id, 'pending', 2100, 'en', '2026-01-01Z', '2026-01-01Z'
    from events, generate_series(1, 3) n`
  await db`
    insert into checkout_items (account_id, checkout_id, position, ticket_type_id, title, quantity, unit_price_minor)
    select c.account_id, c.id, 1, t.id, t.title, 1, 2100
    from checkouts c join ticket_types t on t.account_id = c.account_id and t.event_id = c.event_id`
  await db`
    insert into holds (account_id, checkout_id, event_id, ticket_type_id, quantity, expires_at)
    select c.account_id, c.id, c.event_id, i.ticket_type_id, 1, c.expires_at
    from checkouts c join checkout_items i on i.account_id = c.account_id and i.checkout_id = c.id`
}

/** Long ended, all but a few. */
async function addPayments(db: Pool): Promise<void> {
  await db`
    insert into payments (account_id, provider, idempotency_key, amount_minor, currency, status, reference, created_at,
      checkout_public_id, session_reference)
    select account_id, 'stripe', 'key ' || id, 2100, 'EUR', case id % 500 when 0 then 'pending' else 'declined' end,
           'pi_' || id, created_at, public_id, 'cs_' || id
    from checkouts`
  await db`
    insert into stripe_events (account, event, subject, received_at, processed_at)
    select account_id, 'evt_' || id, session_reference, created_at, case id % 500 when 0 then null else created_at end
    from payments`
  await db`
    insert into idempotency_keys (account_id, method, path, key, input_hash, status, created_at)
    select account_id, 'POST', '/checkouts', idempotency_key, '', 201,
           timestamptz '2026-04-22Z' - id % 5 * interval '1 day'
    from payments`
}
