-- Payments by redirect: what is needed to ask again is written down before the provider is asked.

alter table accounts add column stripe_secret_key bytea, add column stripe_webhook_secret bytea;

alter table payments
  add column checkout_public_id text,
  add column request jsonb check (jsonb_typeof(request) = 'object'),
  add column session_reference text,
  add column return_reason text,
  add column checked_at timestamptz(0),
  drop constraint payments_status_check,
  add constraint payments_status_check
    check (status in ('started', 'pending', 'succeeded', 'declined', 'returning', 'returned'));
update payments set checkout_public_id = split_part(idempotency_key, ':', 2) where idempotency_key like 'checkout:%';
create index payments_of_checkout on payments (account_id, checkout_public_id);
create index payments_open on payments (checked_at nulls first, account_id, id)
  where status in ('started', 'pending', 'returning');
create index payments_by_session on payments (session_reference) where session_reference is not null;
create index payments_by_reference on payments (reference) where provider = 'stripe';

create unique index refunds_by_provider_reference on refunds (account_id, order_id, provider_reference)
  where provider_reference is not null;

-- One row a notice: what it is about is looked up when it is worked on. No account: it came under the installation's keys.
create table stripe_events (
  id integer generated always as identity primary key,
  account integer references accounts,
  event text not null,
  subject text not null,
  received_at timestamptz(0) not null,
  processed_at timestamptz(0),
  unique nulls not distinct (account, event)
);
create index stripe_events_open on stripe_events (id) where processed_at is null;
