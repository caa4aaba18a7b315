-- Invoices, numbered without a gap per account and year, and what cancels them. A row holds all that its paper shows.

create table invoice_counters (
  account_id integer not null references accounts,
  year integer not null,
  last_number integer not null check (last_number > 0),
  primary key (account_id, year)
);

-- Without a refund it is the order's invoice. A refund's `cancellation` takes its amount back (below zero); where that
-- money comes back after all, an `invoice` of the same refund takes the cancellation back.
create table invoices (
  account_id integer not null,
  id integer generated always as identity,
  order_id integer not null,
  refund_id integer,
  kind text not null check (kind in ('invoice', 'cancellation')),
  year integer not null,
  sequence integer not null check (sequence > 0),
  number text not null generated always as (year::text || '-' || lpad(sequence::text, greatest(5, length(sequence::text)), '0')) stored,
  issued_at timestamptz(0) not null,
  total_minor bigint not null,
  document jsonb not null check (jsonb_typeof(document) = 'object'),
  primary key (account_id, id),
  unique (account_id, year, sequence),
  foreign key (account_id, year) references invoice_counters,
  foreign key (account_id, order_id) references orders,
  foreign key (account_id, refund_id) references refunds,
  check (case kind when 'invoice' then total_minor > 0 else total_minor < 0 and refund_id is not null end)
);
create index invoices_of_order on invoices (account_id, order_id);
create unique index invoices_one_per_order on invoices (account_id, order_id) where refund_id is null;
create unique index invoices_one_per_refund on invoices (account_id, refund_id, kind) where refund_id is not null;

-- What was paid and given back before now is numbered in the order in which the money came and went.
do $$
declare
  paper record;
  shares jsonb;
begin
  for paper in
    select o.account_id, o.id as order_id, m.refund_id, m.kind, m.at, m.amount, o.order_code, o.customer_name,
           o.customer_email, c.buyer ->> 'company' as company, c.locale, a.currency, a.name, a.imprint, a.vat_id,
           (m.at at time zone a.time_zone)::date as day, e.title,
           (e.starts_at at time zone v.time_zone)::date as event_day, concat_ws(', ', v.name, v.city) as place
    from orders o
    join checkouts c on c.account_id = o.account_id and c.order_id = o.id
    join accounts a on a.id = o.account_id
    join events e on e.account_id = o.account_id and e.id = o.event_id
    join venues v on v.account_id = e.account_id and v.id = e.venue_id
    cross join lateral (
      select null::integer as refund_id, 'invoice' as kind, o.paid_at as at, o.total_minor as amount
      union all
      select r.id, 'cancellation', r.refunded_at, -r.amount_minor from refunds r
      where r.account_id = o.account_id and r.order_id = o.id and r.status = 'succeeded'
    ) m
    where o.payment_provider in ('stripe', 'test') and o.total_minor > 0
    order by o.account_id, m.at, m.refund_id nulls first, o.id
  loop
    if paper.refund_id is null then
      select jsonb_agg(jsonb_build_object('rate', tax_rate::text, 'gross', gross::text, 'tax', tax::text)
                       order by tax_rate desc nulls last) into shares
      from (select tax_rate, sum(total_minor) as gross, sum(tax_minor) as tax from order_lines
            where account_id = paper.account_id and order_id = paper.order_id group by 1) r;
    else
      -- In proportion to what is left under each rate, the units over to the largest remainders.
      with left_over as (
        select t.rate::numeric as rate, sum(t.gross) as gross, sum(t.tax) as tax
        from invoices i
        cross join lateral jsonb_to_recordset(i.document -> 'taxes') as t (rate text, gross numeric, tax numeric)
        where i.account_id = paper.account_id and i.order_id = paper.order_id group by 1
      ),
      floored as (
        select *, div(-paper.amount * gross, sum(gross) over ()) as units,
               mod(-paper.amount * gross, sum(gross) over ()) as remainder
        from left_over
      ),
      shared as (
        select rate, gross, tax, units + case when row_number() over (order by remainder desc, rate desc nulls last)
                                              <= -paper.amount - sum(units) over () then 1 else 0 end as part
        from floored
      )
      select jsonb_agg(jsonb_build_object('rate', rate::text, 'gross', (-part)::text,
                                          'tax', (-div(2 * tax * part + gross, 2 * gross))::text)
                       order by rate desc nulls last) into shares
      from shared where part > 0;
    end if;
    with taken as (
      insert into invoice_counters as c (account_id, year, last_number)
      values (paper.account_id, extract(year from paper.day), 1)
      on conflict (account_id, year) do update set last_number = c.last_number + 1
      returning year, last_number
    )
    insert into invoices (account_id, order_id, refund_id, kind, year, sequence, issued_at, total_minor, document)
    select paper.account_id, paper.order_id, paper.refund_id, paper.kind, year, last_number, paper.at, paper.amount,
           jsonb_build_object(
             'locale', paper.locale, 'currency', paper.currency, 'orderCode', paper.order_code, 'issuedOn', paper.day,
             'organizer', jsonb_build_object('name', paper.name, 'imprint', paper.imprint, 'vatId', paper.vat_id),
             'buyer', jsonb_build_object('name', paper.customer_name, 'company', paper.company, 'email', paper.customer_email),
             'event', jsonb_build_object('title', paper.title, 'on', paper.event_day, 'place', paper.place),
             'about', (select jsonb_build_object('number', i.number, 'issuedOn', i.document -> 'issuedOn') from invoices i
                       where i.account_id = paper.account_id and i.order_id = paper.order_id and i.refund_id is null),
             'lines', case when paper.refund_id is null then (
               select jsonb_agg(jsonb_build_object('name', name, 'quantity', quantity, 'unitPrice', unit_price_minor::text,
                                                   'discount', discount_minor::text, 'total', total_minor::text) order by position)
               from order_lines where account_id = paper.account_id and order_id = paper.order_id
             ) else '[]' end,
             'taxes', shares)
    from taken;
  end loop;
end $$;

create function refuse_invoice_change() returns trigger language plpgsql as $$
begin
  raise restrict_violation using message = 'an invoice never changes';
end $$;
create trigger keep_invoices before update or delete on invoices
  for each row execute function refuse_invoice_change();
