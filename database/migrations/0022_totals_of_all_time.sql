-- Beside its days each total has their sum, dated '-infinity': what is asked of all time costs one row, however old the
-- account is. Folding keeps both (server/platform/daily-totals.ts).
insert into daily_totals (account_id, subject, event_id, day, count, amount_minor)
select account_id, subject, event_id, '-infinity', sum(count), sum(amount_minor) from daily_totals group by 1, 2, 3;

create or replace function change_time_zone(account integer, zone text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7001, account);
  perform pg_advisory_xact_lock(7002); -- folding pauses: what it is just moving could not be seen here
  update accounts set time_zone = zone where id = account;
  delete from daily_totals where account_id = account;
  delete from daily_total_changes where account_id = account;
  insert into daily_totals (account_id, subject, event_id, day, count, amount_minor)
  select account_id, subject, event_id, day, count, amount_minor
  from daily_totals_from_scratch where account_id = account;
  insert into daily_totals (account_id, subject, event_id, day, count, amount_minor)
  select account_id, subject, event_id, '-infinity', sum(count), sum(amount_minor)
  from daily_totals where account_id = account group by 1, 2, 3;
end $$;
