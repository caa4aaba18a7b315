-- Mails that are to be sent: written in the transaction of what they tell of, sent by a job. A row says what the mail is
-- about; its words are made when it is sent. `kept`: nobody was there to send it, as SMTP_URL was not set.

create table mails (
  account_id integer not null references accounts,
  id integer generated always as identity,
  public_id text not null unique,
  kind text not null check (
    kind in ('tickets', 'refund', 'cancellation', 'money_back', 'money_back_notice', 'order_links')
  ),
  recipient text not null check (recipient <> ''),
  locale text not null check (locale in ('en', 'de')),
  order_id integer,
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  status text not null default 'waiting' check (status in ('waiting', 'sent', 'failed', 'kept')),
  problem text check (problem <> ''),
  created_at timestamptz(0) not null,
  ended_at timestamptz(0),
  primary key (account_id, id),
  foreign key (account_id, order_id) references orders,
  check ((status = 'waiting') = (ended_at is null)),
  check ((status = 'failed') = (problem is not null)),
  check ((order_id is not null) = (kind in ('tickets', 'refund', 'cancellation')))
);
create index mails_of_order on mails (account_id, order_id);
create index mails_to on mails (account_id, recipient, created_at);

-- What a ticket's QR code holds beside its check-in code, by which it is found: at least 128 random bits, made in code.
alter table tickets add column secret text;
update tickets set secret = upper(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''));
alter table tickets
  alter column secret set not null,
  add check (secret ~ '^[0-9A-Z]{27,64}$');
