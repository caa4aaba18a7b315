-- Counts and sums by day, so that a list's stats cost the same in every account. Triggers append small changes to
-- daily_total_changes, which no two writers fight over; folding moves them into daily_totals; a reader adds up both.
-- A day is a day of the account's time zone. event_id 0 stands for all events together.

create table daily_totals (
  account_id integer not null references accounts,
  subject text not null,
  event_id integer not null,
  day date not null,
  count integer not null,
  amount_minor bigint not null,
  primary key (account_id, subject, event_id, day) include (count, amount_minor)
);

create table daily_total_changes (
  account_id integer not null,
  subject text not null,
  event_id integer not null,
  day date not null,
  count integer not null,
  amount_minor bigint not null
);
create index daily_total_changes_by_subject on daily_total_changes (account_id, subject, event_id, day);

-- The account's time zone, pinned until the transaction ends: changing it takes the same lock exclusively and then
-- reads every day anew. 7_001 is this lock's own class.
create function pinned_time_zone(account integer) returns text language plpgsql as $$
declare zone text;
begin
  perform pg_advisory_xact_lock_shared(7001, account);
  select time_zone into zone from accounts where id = account;
  return zone;
end $$;

-- Lower case, accents folded, for search: the same for what is stored and what is asked for.
create extension if not exists unaccent with schema public;
create extension if not exists pg_trgm with schema public;

do $$
declare lower_collation text;
begin
  select quote_ident(collname) into lower_collation from pg_collation
  where collname in ('und-x-icu', 'pg_c_utf8', 'C.UTF-8', 'C.utf8')
  order by array_position(array['und-x-icu', 'pg_c_utf8', 'C.UTF-8', 'C.utf8'], collname::text) limit 1;
  execute format($f$
    create function search_fold(original text) returns text language plpgsql immutable strict parallel safe as $body$
    begin
      if octet_length(original) = char_length(original) then
        return lower(original);
      end if;
      return replace(lower(public.unaccent('public.unaccent', normalize(original, nfc))%s), 'ς', 'σ');
    end $body$ $f$, coalesce(' collate ' || lower_collation, ''));
end $$;

create function search_pattern(word text) returns text language sql immutable strict parallel safe as $$
  select '%' || replace(replace(replace(search_fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$$;

-- The first instant of the local day, week (from Monday), month or year that holds `now`. Where the clocks go back over
-- midnight, local midnight comes twice: the day begins with the first.
create function period_start(unit text, now timestamptz, zone text) returns timestamptz
language plpgsql stable strict parallel safe as $$
declare
  first_day date := date_trunc(unit, now at time zone zone);
  midnight timestamptz := first_day::timestamp at time zone zone;
begin
  if ((midnight - interval '1 hour') at time zone zone)::date = first_day then
    return midnight - interval '1 hour';
  end if;
  return midnight;
end $$;
