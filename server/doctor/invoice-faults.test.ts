import type { Faults } from './planted-faults.test.ts'

export const invoiceFaults: Faults = {
  'Invoices are numbered from 1 to the last without a gap, year by year': [
    {
      plant: 'delete from invoices where sequence = 2 and account_id = 1',
      found: 'account 1, invoice_counters 2026: last_number is 5, there are 4 numbers up to 5',
    },
    {
      plant: 'update invoice_counters set last_number = 6 where account_id = 1',
      found: 'last_number is 6, there are 5 numbers up to 5',
    },
    {
      plant: 'delete from invoice_counters where account_id = 2',
      found: 'account 2, invoice_counters 2026: last_number is 0',
    },
  ],
  'An order that was paid here has one invoice over its total, and no other order has one': [
    { plant: 'delete from invoices where order_id = 2', found: 'account 1, orders 2: is 8400 by test, has 0 invoices' },
    {
      plant: 'update invoices set total_minor = 8401 where order_id = 2',
      found: 'account 1, orders 2: is 8400 by test, has 1 invoices over 8401',
    },
    {
      plant: 'update invoices set order_id = 5 where order_id = 2',
      found: 'account 1, orders 5: is 20000 by import, has 1',
    },
    {
      plant: `drop index invoices_one_per_order;
              update invoices set order_id = 1 where order_id = 2`,
      found: 'account 1, orders 1: is 4200 by test, has 2 invoices',
    },
  ],
  'A refund of an invoiced order has one cancellation over its amount once the money has gone, and none else': [
    {
      plant: "delete from invoices where kind = 'cancellation' and order_id = 1",
      found: 'account 1, refunds 1: is 500 by succeeded, has 0 cancellations',
    },
    {
      plant: "update invoices set total_minor = -501 where kind = 'cancellation' and order_id = 1",
      found:
        'account 1, refunds 1: is 500 by succeeded, has 1 cancellations and 0 invoices of order 1, which make -501',
    },
    {
      plant: "update refunds set status = 'failed', refunded_at = null where id = 1",
      found: 'account 1, refunds 1: is 500 by failed',
    },
    {
      plant: "update refunds set status = 'pending', refunded_at = null where id = 1",
      found: 'account 1, refunds 1: is 500 by pending',
    },
    {
      plant: "update invoices set order_id = 2 where kind = 'cancellation' and order_id = 1",
      found: 'account 1, refunds 1: is 500 by succeeded, has 1 cancellations and 0 invoices of order 2',
    },
  ],
  "What stands of an order's invoice is what was paid, less what was refunded": [
    {
      plant: 'update orders set refunded_minor = 499 where id = 1',
      found: 'account 1, orders 1: is 4200 less 499, its papers make 3700',
    },
  ],
  "An invoice's lines and the amounts under its tax rates add up to its total, its taxes to its order's": [
    {
      plant: `update invoices set document = jsonb_set(document, '{taxes,0,gross}', '"4201"') where sequence = 1 and account_id = 1`,
      found: 'account 1, invoices 1: total_minor is 4200, its tax rates make 4201 and its lines 4200',
    },
    {
      plant: `update invoices set document = jsonb_set(document, '{lines,0,total}', '"4199"') where sequence = 1 and account_id = 1`,
      found: 'account 1, invoices 1: total_minor is 4200, its tax rates make 4200 and its lines 4199',
    },
    {
      plant: `update invoices set document = jsonb_set(document, '{lines}', '[]') where sequence = 1 and account_id = 1`,
      found: 'account 1, invoices 1: total_minor is 4200, its tax rates make 4200 and its lines',
    },
    {
      plant: `update invoices set document = jsonb_set(document, '{taxes,0,tax}', '"672"') where sequence = 1 and account_id = 1`,
      found: 'account 1, invoices 1: its taxes make 672, those of its order 671',
    },
    {
      plant: `update invoices set document = jsonb_set(document, '{taxes,0,tax}', '"-334"') where order_id = 3 and refund_id is not null`,
      found: 'account 1, orders 3: nothing is left of its invoice, but 1 of its taxes',
    },
  ],
}
