-- A function in SQL becomes part of the statement that asks for it, one in PL/pgSQL is called: up to five times for an
-- order and its customer. Plain ASCII, as nearly all of it is, needs no call any more.

do $$
declare lower_collation text;
begin
  select quote_ident(collname) into lower_collation from pg_collation
  where collname in ('und-x-icu', 'pg_c_utf8', 'C.UTF-8', 'C.utf8')
  order by array_position(array['und-x-icu', 'pg_c_utf8', 'C.UTF-8', 'C.utf8'], collname::text) limit 1;
  execute format($f$
    create function fold_letters(original text) returns text language plpgsql immutable strict parallel safe as $body$
    begin
      return replace(lower(public.unaccent('public.unaccent', normalize(original, nfc))%s), 'ς', 'σ');
    end $body$ $f$, coalesce(' collate ' || lower_collation, ''));
end $$;

create or replace function search_fold(original text) returns text language sql immutable parallel safe as $$
  select case when octet_length(original) = char_length(original) then lower(original) else public.fold_letters(original) end
$$;
