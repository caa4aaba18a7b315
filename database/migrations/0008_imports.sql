-- An import writes orders first and their customers last, so that nobody waits for a customer's row for long.
alter table orders alter constraint orders_account_id_customer_id_fkey deferrable initially immediate;

-- Where it may, an import skips the look-up of each row's foreign keys (session_replication_role), which would skip
-- triggers as well. These keep the sums: they always run. A new trigger on insert must say so too.
alter table orders enable always trigger sum_new_orders;
alter table tickets enable always trigger count_issued_tickets;
alter table refunds enable always trigger sum_new_refunds;
alter table customer_events enable always trigger sum_new_customer_events;
