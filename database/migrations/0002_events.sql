-- What is on, where and when. A slug that was given up keeps pointing at its event.

create table venues (
  account_id integer not null references accounts,
  id integer generated always as identity,
  name text not null check (name <> ''),
  address text not null check (address <> ''),
  city text not null check (city <> ''),
  postal_code text not null check (postal_code <> ''),
  country text not null check (country ~ '^[A-Z]{2}$'),
  time_zone text not null,
  latitude text,
  longitude text,
  primary key (account_id, id)
);

create table events (
  account_id integer not null references accounts,
  id integer generated always as identity,
  venue_id integer not null,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  title text not null check (title <> ''),
  description text,
  attendee_note text,
  starts_at timestamptz(0) not null,
  doors_open_at timestamptz(0),
  ends_at timestamptz(0) not null,
  show_end_time boolean not null default true,
  sales_starts_at timestamptz(0),
  sales_ends_at timestamptz(0) not null,
  published boolean not null default false,
  listed boolean not null default true,
  minimum_age integer check (minimum_age between 0 and 120),
  capacity integer check (capacity >= 0),
  created_at timestamptz(0) not null,
  primary key (account_id, id),
  unique (account_id, slug),
  foreign key (account_id, venue_id) references venues,
  check (ends_at >= starts_at)
);
create index events_by_venue on events (account_id, venue_id);
create index events_by_start on events (account_id, starts_at, id);

create table event_slugs (
  account_id integer not null,
  slug text not null,
  event_id integer not null,
  primary key (account_id, slug),
  foreign key (account_id, event_id) references events on delete cascade
);
create index event_slugs_by_event on event_slugs (account_id, event_id);

create function remember_event_slug() returns trigger language plpgsql as $$
begin
  insert into event_slugs (account_id, slug, event_id) values (new.account_id, new.slug, new.id)
  on conflict (account_id, slug) do update set event_id = excluded.event_id where event_slugs.event_id = excluded.event_id;
  if not found then
    raise unique_violation using constraint = 'event_slugs_pkey', message = 'slug belongs to another event';
  end if;
  return null;
end $$;
create trigger remember_slug after insert or update of slug on events
  for each row execute function remember_event_slug();
