import type { Faults } from './planted-faults.test.ts'

export const schemaFaults: Faults = {
  'Every trigger is there and switched on, those of the foreign keys too': [
    {
      plant: 'alter table tickets disable trigger count_issued_tickets',
      found: 'trigger tickets.count_issued_tickets: is switched off',
    },
    { plant: 'alter table refunds disable trigger all', found: 'is switched off' },
    {
      plant: 'alter table orders enable trigger sum_new_orders',
      found: 'trigger orders.sum_new_orders: does not run always, as an import needs',
    },
    { plant: 'drop trigger sum_new_refunds on refunds', found: 'trigger refunds.sum_new_refunds: is missing' },
    { plant: 'select', found: 'setting session_replication_role: is replica', triggersStayAsleep: true },
    { plant: 'set local foyer.bulk = on', found: 'setting foyer.bulk: is on' },
  ],
  'Every constraint and index is valid, every extension installed': [
    {
      plant: 'alter table orders add constraint cheap check (total_minor < 1000000) not valid',
      found: 'constraint orders.cheap: is not validated',
    },
    {
      plant: "update pg_index set indisvalid = false where indexrelid = 'customers_by_age'::regclass",
      found: 'index customers_by_age: is not valid',
    },
    { plant: 'drop extension unaccent', found: 'extension unaccent: is not installed' },
  ],
  'What search looks through is what the rows say': [
    {
      plant:
        "create or replace function search_fold(original text) returns text language sql immutable as 'select upper(original)'",
      found: 'account 1, customers 1: search_text is out of date',
    },
  ],
  'What a row refers to exists, in its own account': [
    {
      plant: 'delete from venues where id = 1',
      found: 'account 1, events 1: its account_id, venue_id leads to no row of venues',
    },
    {
      plant: 'update orders set event_id = 3 where id = 1',
      found: 'account 1, orders 1: its account_id, event_id leads to no row of events',
    },
    { plant: 'update tickets set ticket_type_id = 3 where order_id = 1', found: 'account 1, tickets 1/1' },
    {
      plant: "insert into daily_totals values (1, 'orders', 3, '2026-01-01', 0, 0)",
      found: 'account 1, daily_totals 3',
    },
  ],
  'A table of an account has account_id first in its key and in every reference to another such table': [
    {
      plant: 'alter table holds add column promised text constraint loose references checkouts (public_id)',
      found: 'constraint holds.loose: does not begin with account_id',
    },
    {
      plant: 'create table strays (account_id integer, id integer primary key)',
      found: 'constraint strays.strays_pkey: does not begin with account_id',
    },
  ],
  'No two customers of an account share an e-mail': [
    {
      plant: `
        alter table customers drop constraint customers_account_id_email_key;
        update customers set email = 'jane@example.com' where account_id = 1`,
      found: 'account 1, customers 1: has the same account_id, email as 3 and is one of 2',
    },
  ],
  'E-mails are stored in the one spelling by which they are matched': [
    {
      plant: "update customers set email = 'Jane@example.com' where id = 1",
      found: 'account 1, customers 1: would be spelled otherwise today',
    },
    { plant: "update members set email = 'owner@münchen.example' where account_id = 2", found: 'account 2, members 2' },
    { plant: `update checkouts set buyer = '{}' where id = 5`, found: 'account 1, checkouts 5' },
    { plant: `update checkouts set buyer = '{"email": "nobody"}' where id = 5`, found: 'account 1, checkouts 5' },
  ],
  'No two things share a public id': [
    {
      plant: "alter table mails drop constraint mails_public_id_key; update mails set public_id = 'same'",
      found: 'account 1, mails 1: has the same public_id as 7',
    },
    {
      plant: "alter table orders drop constraint orders_public_id_key; update orders set public_id = 'same'",
      found: 'account 1, orders 1: has the same public_id as 6 and is one of 6',
    },
    {
      plant: "update order_lines set public_id = 'same' where order_id < 3",
      found: 'account 1, order_lines 1/1: has the same public_id as 2/1',
    },
    {
      plant:
        "alter table tickets drop constraint tickets_public_id_key; update tickets set public_id = 'same' where order_id = 1",
      found: 'account 1, tickets 1/1: has the same public_id as 1/2',
    },
    {
      plant:
        "alter table checkouts drop constraint checkouts_public_id_key; update checkouts set public_id = 'same' where id < 3",
      found: 'account 1, checkouts 1: has the same public_id as 2',
    },
  ],
  'No two orders of an account share a code, no two tickets a check-in code': [
    {
      plant:
        "alter table orders drop constraint orders_account_id_order_code_key; update orders set order_code = 'SAME'",
      found: 'account 1, orders 1: has the same account_id, order_code as 5 and is one of 5',
    },
    {
      plant:
        "alter table tickets drop constraint tickets_account_id_check_in_code_key; update tickets set check_in_code = 'SAME' where order_id = 1",
      found: 'account 1, tickets 1/1: has the same account_id, check_in_code as 1/2',
    },
  ],
  'No payment is asked for twice and no order imported twice': [
    {
      plant:
        "alter table payments drop constraint payments_account_id_idempotency_key_key; update payments set idempotency_key = 'same' where id < 3",
      found: 'account 1, payments 1: has the same account_id, idempotency_key as 2',
    },
    {
      plant: 'drop index orders_of_payment; update orders set payment_id = 1 where id < 3',
      found: 'account 1, orders 1: has the same account_id, payment_id as 2',
    },
    {
      plant: "drop index orders_by_import_ref; update orders set import_ref = 'EXT-1' where id = 4",
      found: 'account 1, orders 4: has the same account_id, import_ref as 5',
    },
    {
      plant: 'drop index checkouts_by_order; update checkouts set order_id = 1 where id < 3',
      found: 'account 1, checkouts 1: has the same account_id, order_id as 2',
    },
  ],
  'No two accounts share a subdomain, no two tokens a secret, no two events of an account a slug': [
    {
      plant: "alter table accounts drop constraint accounts_subdomain_key; update accounts set subdomain = 'same'",
      found: 'accounts 1: has the same subdomain as 2',
    },
    {
      plant: "alter table api_tokens drop constraint api_tokens_token_hash_key; update api_tokens set token_hash = ''",
      found: 'account 1, api_tokens 1: has the same token_hash as 4',
    },
    {
      plant: "alter table events drop constraint events_account_id_slug_key; update events set slug = 'same'",
      found: 'account 1, events 1: has the same account_id, slug as 2',
    },
  ],
  "An event's slug leads to it": [
    {
      plant: 'delete from event_slugs where event_id = 3',
      found: 'account 2, events 3: its slug is not in event_slugs',
    },
    { plant: 'update event_slugs set event_id = 1', found: 'account 1, events 2: its slug leads to event 1' },
  ],
}
