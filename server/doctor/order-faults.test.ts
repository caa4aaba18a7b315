import type { Faults } from './planted-faults.test.ts'

export const orderFaults: Faults = {
  "An order's total is the sum of its lines": [
    {
      plant: 'update orders set total_minor = 4201 where id = 1',
      found: 'account 1, orders 1: total_minor is 4201, its lines make 4200',
    },
    {
      plant: 'delete from order_lines where order_id = 3',
      found: 'account 1, orders 3: total_minor is 2100, its lines make 0',
    },
  ],
  "A line's total is its price times its quantity, less its discount": [
    {
      plant: `
        alter table order_lines drop constraint order_lines_check;
        update order_lines set discount_minor = 100 where order_id = 2`,
      found: 'account 1, order_lines 2/1: total_minor is 8400, not 2100 x 4 - 100',
    },
  ],
  "A line's tax is what its total contains at its rate": [
    {
      plant: 'update order_lines set tax_minor = 670 where order_id = 1',
      found: 'account 1, order_lines 1/1: tax_minor is 670',
    },
    {
      plant: 'update order_lines set tax_minor = 1 where order_id = 5',
      found: 'account 1, order_lines 5/1: tax_minor is 1',
    },
  ],
  "An order's lines are counted in it": [
    { plant: 'update orders set line_count = 2 where id = 6', found: 'account 2, orders 6: line_count is 2, it has 1' },
  ],
  "An order's tickets are counted in it": [
    {
      plant: 'update orders set ticket_count = 3 where id = 1',
      found: 'account 1, orders 1: ticket_count is 3, it has 2',
    },
  ],
  'A line has as many tickets as its quantity says': [
    {
      plant: 'delete from tickets where order_id = 2 and position = 4',
      found: 'account 1, order_lines 2/1: quantity is 4, it has 3 tickets',
    },
    {
      plant: `insert into tickets (account_id, order_id, position, line_position, event_id, ticket_type_id, public_id, check_in_code, secret)
              values (1, 1, 3, 1, 1, 1, 'forged', 'FORGED', repeat('A', 27))`,
      found: 'account 1, order_lines 1/1: quantity is 2, it has 3 tickets',
    },
  ],
  "A ticket is for its order's event and of its line's ticket type": [
    {
      plant: 'update tickets set event_id = 2 where order_id = 1 and position = 2',
      found: 'account 1, tickets 1/2: is for event 2',
    },
    {
      plant: 'update tickets set ticket_type_id = 2 where order_id = 1 and position = 2',
      found: 'account 1, tickets 1/2: is for event 1 and ticket type 2',
    },
  ],
  "A line's ticket type belongs to its order's event": [
    {
      plant: 'update order_lines set ticket_type_id = 2 where order_id = 1',
      found: 'account 1, order_lines 1/1: ticket type 2 is of event 2, the order of event 1',
    },
  ],
  "A shop order's total is what its payment took": [
    {
      plant: 'update payments set amount_minor = 4100 where id = 1',
      found: 'account 1, orders 1: is 4200 by test, its payment 1',
    },
    { plant: "update payments set status = 'returned' where id = 1", found: 'payment 1 is returned' },
    { plant: "update payments set currency = 'USD' where id = 1", found: '4200 USD' },
    { plant: "update payments set provider = 'stripe' where id = 1", found: 'EUR by stripe' },
    {
      plant: "update orders set payment_reference = 'another' where id = 1",
      found: '4200 EUR by test, under another reference',
    },
    { plant: 'delete from payments where id = 1', found: 'account 1, orders 1: has no payment' },
  ],
  'A succeeded payment has exactly one order': [
    {
      plant: "update payments set status = 'succeeded' where status = 'declined'",
      found: 'account 1, payments 5: has 0 orders',
    },
    {
      plant: 'drop index orders_of_payment; update orders set payment_id = 1 where id = 2',
      found: 'account 1, payments 1: has 2 orders',
    },
  ],
  "An order's refunded amounts, gone and on their way, are the sums of its refunds": [
    {
      plant: 'delete from refunds',
      found: 'account 1, orders 1: refunded_minor is 500 and pending_refund_minor 0, its refunds make 0 and 0',
    },
    {
      plant: "update refunds set status = 'failed' where status = 'pending'",
      found: 'account 1, orders 2: refunded_minor is 0 and pending_refund_minor 100, its refunds make 0 and 0',
    },
    { plant: 'update orders set refunded_minor = 1 where id = 2', found: 'account 1, orders 2: refunded_minor is 1' },
  ],
  'No more is refunded than was paid': [
    {
      plant: 'update refunds set amount_minor = 4201 where order_id = 1',
      found: 'account 1, orders 1: total_minor is 4200',
    },
    { plant: "update refunds set amount_minor = 8401 where status = 'pending'", found: 'its refunds make 8401' },
  ],
  'Tickets are valid until their order is cancelled or all of its money is back': [
    {
      plant: 'update orders set cancelled_at = paid_at where id = 4',
      found: 'account 1, tickets 4/1: is valid, its order has ended',
    },
    { plant: 'update refunds set amount_minor = 4200 where order_id = 1', found: 'account 1, tickets 1/1: is valid' },
    { plant: 'update tickets set cancelled_at = null', found: 'account 1, tickets 3/1: is valid' },
    {
      plant: "update tickets set cancelled_at = '2026-04-05' where order_id = 4",
      found: 'account 1, tickets 4/1: is cancelled',
    },
  ],
  'Money that may not stay goes back within a day': [
    {
      plant: `update payments set status = 'returning', created_at = '2026-03-01' where status = 'declined'`,
      found: '4200 EUR by test are still on their way back',
    },
  ],
  "A checkout's total is the sum of its items, less their discounts": [
    { plant: 'update checkouts set total_minor = 1 where id = 5', found: 'account 1, checkouts 5: total_minor is 1' },
    {
      plant: 'delete from checkout_items where checkout_id = 6',
      found: 'account 1, checkouts 6: total_minor is 4200, its items make 0',
    },
  ],
  'A paid checkout is one order of the same event and total, and no other checkout is one': [
    {
      plant: 'update checkouts set total_minor = 1 where id = 1',
      found: 'account 1, checkouts 1: is paid, 1 for event 1',
    },
    { plant: 'update checkouts set event_id = 2 where id = 1', found: 'account 1, checkouts 1' },
    { plant: 'update checkouts set order_id = 5 where id = 1', found: 'account 1, checkouts 1' },
    { plant: 'delete from orders where id = 1', found: 'account 1, checkouts 1: is paid, but has no order' },
    {
      plant: `
        alter table checkouts drop constraint checkouts_check;
        update checkouts set status = 'abandoned' where id = 1`,
      found: 'account 1, checkouts 1: is abandoned',
    },
  ],
  'A shop order came from exactly one checkout': [
    { plant: 'delete from checkouts where id = 1', found: 'account 1, orders 1: has 0 checkouts' },
    {
      plant: 'drop index checkouts_by_order; update checkouts set order_id = 1 where id = 2',
      found: 'account 1, orders 1: has 2 checkouts',
    },
  ],
  'An order has what its checkout asked for': [
    {
      plant: 'update checkout_items set quantity = 3 where checkout_id = 1',
      found:
        'account 1, order_lines 1/1: is 2 of ticket type 1 for 2100 each less 0, its checkout asked for 3 of 1 for 2100 less 0',
    },
    {
      plant: 'update checkout_items set unit_price_minor = 2000 where checkout_id = 1',
      found: 'asked for 2 of 1 for 2000',
    },
    {
      plant: 'update checkout_items set discount_minor = 1 where checkout_id = 1',
      found: 'for 2100 each less 0, its checkout asked for 2 of 1 for 2100 less 1',
    },
    { plant: 'update checkout_items set ticket_type_id = 2 where checkout_id = 1', found: 'asked for 2 of 2 for 2100' },
    { plant: 'delete from checkout_items where checkout_id = 1', found: 'account 1, order_lines 1/1' },
    { plant: 'delete from order_lines where order_id = 1', found: 'account 1, order_lines 1/1' },
  ],
  'Only a pending checkout holds places: all that it asks for, or none once they ran out': [
    {
      plant: "update checkouts set status = 'abandoned' where id = 5",
      found: 'account 1, holds of checkout 5: 2 places',
    },
    {
      plant: 'update holds set quantity = 3 where checkout_id = 5',
      found: 'account 1, holds of checkout 5: 3 places of ticket type 1',
    },
    {
      plant: 'update checkout_items set quantity = 1 where checkout_id = 5',
      found: '2 places of ticket type 1 are held, 1 are asked for',
    },
    {
      plant: `insert into checkout_items (account_id, checkout_id, position, ticket_type_id, title, quantity, unit_price_minor)
              values (1, 5, 2, 2, 'Open day', 1, 0)`,
      found: 'account 1, holds of checkout 5: 0 places of ticket type 2 are held, 1 are asked for',
    },
  ],
}
