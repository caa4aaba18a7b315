-- A refund is written down before the provider is asked for it; it counts when the money has gone back.

alter table refunds
  add column status text not null default 'succeeded' check (status in ('pending', 'succeeded', 'failed')),
  add column provider_reference text,
  add column created_at timestamptz(0),
  alter column refunded_at drop not null,
  add check ((status = 'succeeded') = (refunded_at is not null));
create index refunds_pending on refunds (account_id, id) where status = 'pending';

alter table orders
  add column pending_refund_minor bigint not null default 0 check (pending_refund_minor >= 0),
  add column cancelled_at timestamptz(0),
  add check (refunded_minor + pending_refund_minor <= total_minor);

create or replace function sum_refunds() returns trigger language plpgsql as $$
begin
  if is_bulk_load() then
    return null;
  end if;
  if tg_op = 'INSERT' then
    update orders o
    set refunded_minor = o.refunded_minor + d.succeeded, pending_refund_minor = o.pending_refund_minor + d.pending
    from (select account_id, order_id,
                 coalesce(sum(amount_minor) filter (where status = 'succeeded'), 0) as succeeded,
                 coalesce(sum(amount_minor) filter (where status = 'pending'), 0) as pending
          from new_rows group by 1, 2) d
    where o.account_id = d.account_id and o.id = d.order_id;
  else
    update orders o
    set refunded_minor = o.refunded_minor + d.succeeded, pending_refund_minor = o.pending_refund_minor + d.pending
    from (select account_id, order_id,
                 coalesce(sum(n * amount_minor) filter (where status = 'succeeded'), 0) as succeeded,
                 coalesce(sum(n * amount_minor) filter (where status = 'pending'), 0) as pending
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) r group by 1, 2) d
    where o.account_id = d.account_id and o.id = d.order_id and (d.succeeded, d.pending) <> (0, 0);
  end if;
  return null;
end $$;
create trigger sum_changed_refunds after update on refunds
  referencing old table as old_rows new table as new_rows for each statement execute function sum_refunds();
