-- Ticket types are counted by their event as well as their id: by account and id alone PostgreSQL read all of the account's,
-- and their past versions, at each hold and each ticket, while every other buyer of the evening waited.
create or replace function add_places(account integer, event integer, ticket_types integer[], sold_by integer[], held_by integer[])
returns void language plpgsql as $function$
begin
  update event_places p
  set sold = p.sold + (select coalesce(sum(n), 0) from unnest(sold_by) n),
      held = p.held + (select coalesce(sum(n), 0) from unnest(held_by) n)
  where p.account_id = account and p.event_id = event;
  update ticket_types t set sold = t.sold + d.sold, held = t.held + d.held
  from unnest($3, $4, $5) as d (id, sold, held)
  where t.account_id = account and t.event_id = event and t.id = d.id;
end $function$;
