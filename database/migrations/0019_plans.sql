-- What a list leaves out is in no index that it walks: a season's archived orders, and years of evenings that are over,
-- cost a list that shows none of them nothing.

create index orders_at_hand_by_age on orders (account_id, paid_at desc, id desc) where archived_at is null;
create index orders_at_hand_of_event_by_age on orders (account_id, event_id, paid_at desc, id desc) where archived_at is null;

create index events_by_end on events (account_id, ends_at);
