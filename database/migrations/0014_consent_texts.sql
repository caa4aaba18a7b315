-- What exactly a buyer agreed to when the box was ticked. A wording is written once and never changes: who needs another
-- one adds a version. A withdrawal is remembered, so that an older order that comes to light later gives nothing back.

create table consent_texts (
  account_id integer not null references accounts,
  locale text not null check (locale in ('en', 'de')),
  version integer not null check (version > 0),
  text text not null check (text <> ''),
  created_at timestamptz(0) not null,
  primary key (account_id, locale, version)
);
create unique index consent_texts_once on consent_texts (account_id, locale, md5(text));

create function keep_consent_text() returns trigger language plpgsql as $$
begin
  raise check_violation using constraint = 'consent_texts_stay', message = 'a consent text never changes';
end $$;
create trigger keep_text before update or delete on consent_texts
  for each row execute function keep_consent_text();

alter table checkouts
  add column consent_locale text,
  add column consent_version integer,
  add foreign key (account_id, consent_locale, consent_version) references consent_texts,
  add check ((consent_locale is null) = (consent_version is null)),
  add check (consent_version is null or marketing_consent);

alter table orders
  add column consent_locale text,
  add column consent_version integer,
  add foreign key (account_id, consent_locale, consent_version) references consent_texts,
  add check ((consent_locale is null) = (consent_version is null)),
  add check (consent_version is null or marketing_consent);

-- Which order was the customer's latest then decides between those of the same second.
alter table customers
  add column marketing_withdrawn_at timestamptz(0),
  add column marketing_withdrawn_order_id integer,
  add foreign key (account_id, marketing_withdrawn_order_id) references orders,
  add check ((marketing_withdrawn_at is null) = (marketing_withdrawn_order_id is null));
