-- The first answer to a POST with an Idempotency-Key, kept in the same transaction as what the POST did. What needs a
-- provider between two transactions keeps its effect with the key first, and its answer when there is one.

create table idempotency_keys (
  account_id integer not null references accounts,
  method text not null,
  path text not null,
  key text not null,
  input_hash bytea not null,
  status integer,
  location text,
  body text,
  effect_id integer,
  created_at timestamptz(0) not null,
  primary key (account_id, method, path, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
