-- Sales come in the order of time. In an index that has the newest first each of them goes before all others, and
-- PostgreSQL leaves every page of it half empty; one that has the newest last it fills, and finds its end at once. A page
-- of a list is read from the end.
drop index customers_by_age, customers_with_consent_by_age, customer_events_by_age, customer_events_with_consent_by_age,
  orders_by_age, orders_at_hand_by_age, orders_of_event_by_age, orders_at_hand_of_event_by_age, orders_of_customer_by_age;

create index customers_by_age on customers (account_id, created_at, id);
create index customers_with_consent_by_age on customers (account_id, created_at, id)
  where marketing_consent_at is not null;
create index customer_events_by_age on customer_events (account_id, event_id, customer_created_at, customer_id);
create index customer_events_with_consent_by_age
  on customer_events (account_id, event_id, customer_created_at, customer_id) where marketing_consent;
create index orders_by_age on orders (account_id, paid_at, id);
create index orders_at_hand_by_age on orders (account_id, paid_at, id) where archived_at is null;
create index orders_of_event_by_age on orders (account_id, event_id, paid_at, id);
create index orders_at_hand_of_event_by_age on orders (account_id, event_id, paid_at, id) where archived_at is null;
create index orders_of_customer_by_age on orders (account_id, customer_id, paid_at, id);
