-- Organisers, the people who work for them, and the API tokens that speak for them.

create table accounts (
  id integer generated always as identity primary key,
  name text not null check (name <> ''),
  subdomain text not null unique check (subdomain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  time_zone text not null,
  locale text not null default 'en' check (locale in ('en', 'de')),
  imprint text,
  vat_id text,
  terms_url text,
  privacy_url text,
  consent_text jsonb not null default '{}' check (jsonb_typeof(consent_text) = 'object'),
  hold_minutes numeric(8, 3) check (hold_minutes > 0),
  frame_origins text[] not null default '{}',
  created_at timestamptz(0) not null
);

create table members (
  account_id integer not null references accounts,
  id integer generated always as identity,
  email text not null check (email <> ''),
  password_hash text,
  role text not null check (role in ('owner')),
  created_at timestamptz(0) not null,
  primary key (account_id, id),
  unique (account_id, email)
);

create table api_tokens (
  account_id integer not null references accounts,
  id integer generated always as identity,
  description text not null check (description <> ''),
  permission text not null check (permission in ('read', 'write')),
  token_hash bytea not null unique,
  created_at timestamptz(0) not null,
  revoked_at timestamptz(0),
  primary key (account_id, id)
);
