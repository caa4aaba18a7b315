-- Ticket types, the places they may fill, and the holds of buyers who are still paying.
-- `sold` and `held` count rows of tickets and holds; only the triggers write them, so they can't drift.

create table event_places (
  account_id integer not null,
  event_id integer not null,
  capacity integer,
  sold integer not null default 0 check (sold >= 0),
  held integer not null default 0 check (held >= 0),
  primary key (account_id, event_id),
  foreign key (account_id, event_id) references events on delete cascade
);

-- A capacity can't be lowered below what is sold and held: the row is locked, so no sale slips in between.
create function copy_event_capacity() returns trigger language plpgsql as $$
begin
  perform from event_places p where p.account_id = new.account_id and p.event_id = new.id for no key update;
  if exists (
    select from event_places p where p.account_id = new.account_id and p.event_id = new.id
      and p.capacity is distinct from new.capacity and p.sold + p.held > new.capacity
  ) then
    raise check_violation using constraint = 'event_capacity_taken', message = 'more places are taken';
  end if;
  insert into event_places (account_id, event_id, capacity) values (new.account_id, new.id, new.capacity)
  on conflict (account_id, event_id) do update set capacity = excluded.capacity;
  return null;
end $$;
create trigger copy_capacity after insert or update of capacity on events
  for each row execute function copy_event_capacity();

create table ticket_types (
  account_id integer not null,
  id integer generated always as identity,
  event_id integer not null,
  title text not null check (title <> ''),
  state text not null default 'active' check (state in ('active', 'hidden', 'archived')),
  price_minor bigint not null check (price_minor >= 0),
  stock integer check (stock >= 0),
  position integer not null,
  max_per_order integer not null default 10 check (max_per_order between 1 and 100),
  max_per_customer integer check (max_per_customer > 0),
  tax_rate numeric(4, 1) check (tax_rate between 0 and 100),
  sold integer not null default 0 check (sold >= 0),
  held integer not null default 0 check (held >= 0),
  primary key (account_id, id),
  unique (account_id, event_id, id),
  foreign key (account_id, event_id) references events on delete cascade
);

create table holds (
  account_id integer not null,
  checkout_id integer not null,
  event_id integer not null,
  ticket_type_id integer not null,
  quantity integer not null check (quantity > 0),
  expires_at timestamptz not null,
  primary key (account_id, checkout_id, ticket_type_id),
  foreign key (account_id, event_id, ticket_type_id) references ticket_types (account_id, event_id, id) on delete cascade
);
create index holds_by_expiry on holds (account_id, event_id, expires_at);

-- Called with rows of (account_id, event_id, ticket_type_id, sold, held): adds them where the places are counted,
-- the event first, then its ticket types by id, as everywhere.
create function add_places(account integer, event integer, ticket_types integer[], sold_by integer[], held_by integer[])
returns void language plpgsql as $$
begin
  update event_places p
  set sold = p.sold + (select coalesce(sum(n), 0) from unnest(sold_by) n),
      held = p.held + (select coalesce(sum(n), 0) from unnest(held_by) n)
  where p.account_id = account and p.event_id = event;
  update ticket_types t set sold = t.sold + d.sold, held = t.held + d.held
  from unnest($3, $4, $5) as d (id, sold, held)
  where t.account_id = account and t.id = d.id;
end $$;

create function count_held_places() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform add_places(account_id, event_id, array_agg(ticket_type_id), array_agg(0), array_agg(quantity))
    from (select account_id, event_id, ticket_type_id, sum(quantity)::integer as quantity
          from new_rows group by 1, 2, 3 order by 1, 2, 3) d
    group by account_id, event_id;
  else
    perform add_places(account_id, event_id, array_agg(ticket_type_id), array_agg(0), array_agg(quantity))
    from (select account_id, event_id, ticket_type_id, -sum(quantity)::integer as quantity
          from old_rows group by 1, 2, 3 order by 1, 2, 3) d
    group by account_id, event_id;
  end if;
  return null;
end $$;
create trigger count_new_holds after insert on holds
  referencing new table as new_rows for each statement execute function count_held_places();
create trigger count_ended_holds after delete on holds
  referencing old table as old_rows for each statement execute function count_held_places();
