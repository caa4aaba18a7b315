import type { Faults } from './planted-faults.test.ts'

export const customerFaults: Faults = {
  'A customer has a paid order': [
    {
      plant: `insert into customers (account_id, id, email, created_at) overriding system value
              values (2, 99, 'nobody@example.com', '2026-04-01')`,
      found: 'account 2, customers 99: has none',
    },
  ],
  'An order belongs to the customer with its e-mail, which is what was typed at its checkout': [
    {
      plant: "update orders set customer_id = 1 where customer_name = 'Bob Roe'",
      found: 'account 1, orders 3: has another e-mail than customer 1',
    },
    {
      plant: `update checkouts set buyer = '{"email": "ann@example.com"}' where id = 1`,
      found: 'account 1, orders 1: has another e-mail than checkout 1',
    },
    { plant: 'update checkouts set buyer = null where id = 1', found: 'orders 1: has another e-mail than checkout 1' },
  ],
  'What a customer has spent is what was paid, less what was refunded': [
    {
      plant: 'update customers set total_spent_minor = 1 where id = 1',
      found: 'account 1, customers 1: total_spent_minor is 1, payments and refunds make 32100',
    },
    { plant: 'update payments set amount_minor = 4100 where id = 1', found: 'payments and refunds make 32000' },
    { plant: 'delete from refunds', found: 'payments and refunds make 32600' },
    {
      plant: 'update order_lines set unit_price_minor = 1001, total_minor = 20020 where order_id = 5',
      found: 'make 32120',
    },
  ],
  'A customer was created with the first paid order': [
    {
      plant: "update customers set created_at = '2026-04-01T10:00:00Z' where id = 1",
      found:
        'account 1, customers 1: created_at is 2026-04-01 10:00:00+00, the first order was paid at 2026-03-01 00:00:00+00',
    },
  ],
  'Marketing consent stands since the first order that gave it after the last withdrawal': [
    {
      plant: 'update customers set marketing_consent_at = null where id = 1',
      found: 'account 1, customers 1: marketing_consent_at is null',
    },
    {
      plant: "update customers set marketing_consent_at = created_at where email = 'bob@example.com'",
      found: 'the first consent was given at no time',
    },
    {
      plant: 'update orders set marketing_consent = false where id = 5',
      found: 'the first consent was given at 2026-04-02',
    },
  ],
  'The customers of an event are those who bought for it': [
    { plant: 'delete from customer_events where event_id = 2', found: 'account 1, customer_events 1/2: is missing' },
    {
      plant: 'update orders set event_id = 1 where event_id = 2',
      found: 'account 1, customer_events 1/2: is there without an order',
    },
  ],
  "An event's copy of a customer's age and consent is right": [
    {
      plant: 'update customer_events set marketing_consent = false where customer_id = 1',
      found: 'account 1, customer_events 1/1',
    },
    {
      plant: "update customer_events set customer_created_at = '2026-04-01' where event_id = 2",
      found: 'account 1, customer_events 1/2',
    },
  ],
  'The daily totals are what the orders, tickets and customers of each day make': [
    {
      plant:
        "update daily_totals set amount_minor = amount_minor + 1 where subject = 'orders' and event_id = 0 and day = '2026-04-02'",
      found: 'account 1, daily_totals orders/0/2026-04-02: count 1 and amount 8401 are kept, the rows make 1 and 8400',
    },
    {
      plant: "insert into daily_total_changes values (1, 'orders', 1, '2025-01-01', 1, 0)",
      found: 'account 1, daily_totals orders/1/2025-01-01: count 1 and amount 0 are kept, the rows make 0 and 0',
    },
    {
      plant: "delete from daily_total_changes where account_id = 2 and subject = 'tickets' and event_id = 0",
      found: 'account 2, daily_totals tickets/0/2026-04-0',
    },
    {
      plant: "update accounts set time_zone = 'America/New_York' where id = 1",
      found: 'daily_totals archived_orders/0/2026-04-03',
    },
    {
      plant: 'drop view daily_totals_from_scratch',
      found: 'could not be checked: relation "daily_totals_from_scratch" does not exist (SQLSTATE 42P01)',
    },
  ],
  'The totals of all time are the sums of their days': [
    {
      plant: `update daily_totals set amount_minor = amount_minor + 1
        where account_id = 1 and subject = 'orders' and event_id = 0 and day = '-infinity'`,
      found: 'account 1, daily_totals orders/0: says',
    },
    {
      plant:
        "delete from daily_totals where account_id = 1 and subject = 'customers' and event_id = 0 and day = '-infinity'",
      found: 'account 1, daily_totals customers/0: says  and , its days make',
    },
  ],
  'A ticket type counts its tickets sold and its places held': [
    {
      plant: 'update ticket_types set sold = sold + 1 where id = 1',
      found: 'account 1, ticket_types 1: 27 sold and 4 held are counted, there are 26 and 4',
    },
    {
      plant: 'delete from holds where checkout_id = 5',
      found: 'account 1, ticket_types 1: 26 sold and 4 held are counted, there are 26 and 2',
    },
    { plant: 'update tickets set cancelled_at = null where cancelled_at is not null', found: 'there are 27 and 4' },
  ],
  'An event counts its tickets sold and its places held': [
    {
      plant: 'update event_places set sold = 0 where event_id = 2',
      found: 'account 1, event_places 2: 0 sold and 0 held are counted, there are 3 and 0',
    },
    {
      plant: 'update event_places set held = 0',
      found: 'account 1, event_places 1: 26 sold and 0 held are counted, there are 26 and 4',
    },
  ],
  'The places of an event are its capacity': [
    {
      plant: 'update events set capacity = 15 where id = 1',
      found: 'account 1, events 1: capacity is 15, its places are 14',
    },
    { plant: 'update event_places set capacity = null where event_id = 1', found: 'its places are null' },
    { plant: 'delete from event_places where event_id = 3', found: 'account 2, events 3: has no event_places' },
  ],
  'The shop has sold and holds no more of a ticket type than its stock': [
    {
      plant: 'update ticket_types set stock = 7 where id = 1',
      found: 'account 1, ticket_types 1: stock is 7, taken in the shop are 8',
    },
    {
      plant: "update holds set expires_at = '2030-01-01'; update ticket_types set stock = 9 where id = 1",
      found: 'taken in the shop are 10',
    },
  ],
  'The shop has sold and holds no more for an event than its capacity': [
    {
      plant: 'update events set capacity = 7 where id = 1',
      found: 'account 1, events 1: capacity is 7, taken in the shop are 8',
    },
  ],
}
