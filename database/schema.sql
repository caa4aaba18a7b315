-- The schema as it stands, written from the catalogue of PostgreSQL 18 by `npm run schema`. Never edited by hand.

create table accounts (
  id integer not null generated always as identity,
  name text not null,
  subdomain text not null,
  currency text not null,
  time_zone text not null,
  locale text not null default 'en'::text,
  imprint text,
  vat_id text,
  terms_url text,
  privacy_url text,
  consent_text jsonb not null default '{}'::jsonb,
  hold_minutes numeric(8,3),
  frame_origins text[] not null default '{}'::text[],
  created_at timestamp(0) with time zone not null,
  stripe_secret_key bytea,
  stripe_webhook_secret bytea,
  constraint accounts_subdomain_key UNIQUE (subdomain),
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_consent_text_check CHECK ((jsonb_typeof(consent_text) = 'object'::text)),
  constraint accounts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint accounts_hold_minutes_check CHECK ((hold_minutes > (0)::numeric)),
  constraint accounts_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint accounts_name_check CHECK ((name <> ''::text)),
  constraint accounts_subdomain_check CHECK ((subdomain ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
);

create table api_tokens (
  account_id integer not null,
  id integer not null generated always as identity,
  description text not null,
  permission text not null,
  token_hash bytea not null,
  created_at timestamp(0) with time zone not null,
  revoked_at timestamp(0) with time zone,
  constraint api_tokens_token_hash_key UNIQUE (token_hash),
  constraint api_tokens_pkey PRIMARY KEY (account_id, id),
  constraint api_tokens_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint api_tokens_description_check CHECK ((description <> ''::text)),
  constraint api_tokens_permission_check CHECK ((permission = ANY (ARRAY['read'::text, 'write'::text])))
);

create table checkout_items (
  account_id integer not null,
  checkout_id integer not null,
  "position" integer not null,
  ticket_type_id integer not null,
  title text not null,
  quantity integer not null,
  unit_price_minor bigint not null,
  tax_rate numeric(4,1),
  discount_minor bigint not null default 0,
  constraint checkout_items_pkey PRIMARY KEY (account_id, checkout_id, "position"),
  constraint checkout_items_account_id_checkout_id_fkey FOREIGN KEY (account_id, checkout_id) REFERENCES checkouts(account_id, id) ON DELETE CASCADE,
  constraint checkout_items_account_id_ticket_type_id_fkey FOREIGN KEY (account_id, ticket_type_id) REFERENCES ticket_types(account_id, id) ON DELETE CASCADE,
  constraint checkout_items_discount_check CHECK (((discount_minor >= 0) AND (discount_minor <= (unit_price_minor * quantity)))),
  constraint checkout_items_quantity_check CHECK ((quantity > 0)),
  constraint checkout_items_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);

create table checkouts (
  account_id integer not null,
  id integer not null generated always as identity,
  public_id text not null,
  event_id integer not null,
  status text not null default 'pending'::text,
  total_minor bigint not null,
  buyer jsonb,
  marketing_consent boolean not null default false,
  locale text not null,
  attribution jsonb not null default '{}'::jsonb,
  created_at timestamp(0) with time zone not null,
  expires_at timestamp with time zone not null,
  payment_attempt integer not null default 1,
  order_id integer,
  promo_code_id integer,
  discount_minor bigint not null default 0,
  consent_locale text,
  consent_version integer,
  constraint checkouts_public_id_key UNIQUE (public_id),
  constraint checkouts_pkey PRIMARY KEY (account_id, id),
  constraint checkouts_account_id_consent_locale_consent_version_fkey FOREIGN KEY (account_id, consent_locale, consent_version) REFERENCES consent_texts(account_id, locale, version),
  constraint checkouts_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id) ON DELETE CASCADE,
  constraint checkouts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint checkouts_account_id_order_id_fkey FOREIGN KEY (account_id, order_id) REFERENCES orders(account_id, id),
  constraint checkouts_account_id_promo_code_id_fkey FOREIGN KEY (account_id, promo_code_id) REFERENCES promo_codes(account_id, id),
  constraint checkouts_attribution_check CHECK ((jsonb_typeof(attribution) = 'object'::text)),
  constraint checkouts_buyer_check CHECK ((jsonb_typeof(buyer) = 'object'::text)),
  constraint checkouts_check CHECK (((status = 'paid'::text) = (order_id IS NOT NULL))),
  constraint checkouts_check1 CHECK (((consent_locale IS NULL) = (consent_version IS NULL))),
  constraint checkouts_check2 CHECK (((consent_version IS NULL) OR marketing_consent)),
  constraint checkouts_discount_minor_check CHECK ((discount_minor >= 0)),
  constraint checkouts_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint checkouts_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'paid'::text, 'abandoned'::text]))),
  constraint checkouts_total_minor_check CHECK ((total_minor >= 0))
);
CREATE INDEX checkouts_by_event ON public.checkouts USING btree (account_id, event_id);
CREATE UNIQUE INDEX checkouts_by_order ON public.checkouts USING btree (account_id, order_id) WHERE (order_id IS NOT NULL);
CREATE INDEX checkouts_with_promo_code ON public.checkouts USING btree (account_id, promo_code_id, expires_at) WHERE ((promo_code_id IS NOT NULL) AND (status = 'pending'::text));

create table consent_texts (
  account_id integer not null,
  locale text not null,
  version integer not null,
  text text not null,
  created_at timestamp(0) with time zone not null,
  constraint consent_texts_pkey PRIMARY KEY (account_id, locale, version),
  constraint consent_texts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint consent_texts_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint consent_texts_text_check CHECK ((text <> ''::text)),
  constraint consent_texts_version_check CHECK ((version > 0))
);
CREATE UNIQUE INDEX consent_texts_once ON public.consent_texts USING btree (account_id, locale, md5(text));
CREATE TRIGGER keep_text BEFORE DELETE OR UPDATE ON public.consent_texts FOR EACH ROW EXECUTE FUNCTION keep_consent_text();

create table customer_events (
  account_id integer not null,
  event_id integer not null,
  customer_id integer not null,
  customer_created_at timestamp(0) with time zone not null,
  marketing_consent boolean not null,
  constraint customer_events_pkey PRIMARY KEY (account_id, customer_id, event_id),
  constraint customer_events_account_id_customer_id_fkey FOREIGN KEY (account_id, customer_id) REFERENCES customers(account_id, id),
  constraint customer_events_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id)
);
CREATE INDEX customer_events_by_age ON public.customer_events USING btree (account_id, event_id, customer_created_at, customer_id);
CREATE INDEX customer_events_with_consent_by_age ON public.customer_events USING btree (account_id, event_id, customer_created_at, customer_id) WHERE marketing_consent;
CREATE TRIGGER sum_new_customer_events AFTER INSERT ON public.customer_events REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_customer_events();

create table customers (
  account_id integer not null,
  id integer not null generated always as identity,
  email text not null,
  name text,
  company text,
  salutation text,
  title text,
  phone text,
  name_set_at timestamp(0) with time zone,
  company_set_at timestamp(0) with time zone,
  salutation_set_at timestamp(0) with time zone,
  title_set_at timestamp(0) with time zone,
  phone_set_at timestamp(0) with time zone,
  total_spent_minor bigint not null default 0,
  marketing_consent_at timestamp(0) with time zone,
  created_at timestamp(0) with time zone not null,
  search_text text not null generated always as (((((search_fold(email) || '
'::text) || COALESCE(search_fold(name), ''::text)) || '
'::text) || COALESCE(search_fold(company), ''::text))) stored,
  marketing_withdrawn_at timestamp(0) with time zone,
  marketing_withdrawn_order_id integer,
  constraint customers_account_id_email_key UNIQUE (account_id, email),
  constraint customers_pkey PRIMARY KEY (account_id, id),
  constraint customers_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint customers_account_id_marketing_withdrawn_order_id_fkey FOREIGN KEY (account_id, marketing_withdrawn_order_id) REFERENCES orders(account_id, id),
  constraint customers_check CHECK (((marketing_withdrawn_at IS NULL) = (marketing_withdrawn_order_id IS NULL))),
  constraint customers_company_check CHECK ((company <> ''::text)),
  constraint customers_email_check CHECK ((email <> ''::text)),
  constraint customers_name_check CHECK ((name <> ''::text)),
  constraint customers_phone_check CHECK ((phone <> ''::text)),
  constraint customers_salutation_check CHECK ((salutation = ANY (ARRAY['ms'::text, 'mr'::text, 'mx'::text]))),
  constraint customers_title_check CHECK ((title <> ''::text)),
  constraint customers_total_spent_minor_check CHECK ((total_spent_minor >= 0))
);
CREATE INDEX customers_by_age ON public.customers USING btree (account_id, created_at, id);
CREATE INDEX customers_by_words ON public.customers USING gin (search_text gin_trgm_ops);
CREATE INDEX customers_with_consent_by_age ON public.customers USING btree (account_id, created_at, id) WHERE (marketing_consent_at IS NOT NULL);
CREATE TRIGGER sum_changed_customers AFTER UPDATE ON public.customers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_customers();
CREATE TRIGGER sum_new_customers AFTER INSERT ON public.customers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_customers();

create table daily_total_changes (
  account_id integer not null,
  subject text not null,
  event_id integer not null,
  day date not null,
  count integer not null,
  amount_minor bigint not null
);
CREATE INDEX daily_total_changes_by_subject ON public.daily_total_changes USING btree (account_id, subject, event_id, day);

create table daily_totals (
  account_id integer not null,
  subject text not null,
  event_id integer not null,
  day date not null,
  count integer not null,
  amount_minor bigint not null,
  constraint daily_totals_pkey PRIMARY KEY (account_id, subject, event_id, day) INCLUDE (count, amount_minor),
  constraint daily_totals_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);

create table event_places (
  account_id integer not null,
  event_id integer not null,
  capacity integer,
  sold integer not null default 0,
  held integer not null default 0,
  constraint event_places_pkey PRIMARY KEY (account_id, event_id),
  constraint event_places_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id) ON DELETE CASCADE,
  constraint event_places_held_check CHECK ((held >= 0)),
  constraint event_places_sold_check CHECK ((sold >= 0))
);

create table event_slugs (
  account_id integer not null,
  slug text not null,
  event_id integer not null,
  constraint event_slugs_pkey PRIMARY KEY (account_id, slug),
  constraint event_slugs_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id) ON DELETE CASCADE
);
CREATE INDEX event_slugs_by_event ON public.event_slugs USING btree (account_id, event_id);

create table events (
  account_id integer not null,
  id integer not null generated always as identity,
  venue_id integer not null,
  slug text not null,
  title text not null,
  description text,
  attendee_note text,
  starts_at timestamp(0) with time zone not null,
  doors_open_at timestamp(0) with time zone,
  ends_at timestamp(0) with time zone not null,
  show_end_time boolean not null default true,
  sales_starts_at timestamp(0) with time zone,
  sales_ends_at timestamp(0) with time zone not null,
  published boolean not null default false,
  listed boolean not null default true,
  minimum_age integer,
  capacity integer,
  created_at timestamp(0) with time zone not null,
  faq jsonb not null default '[]'::jsonb,
  constraint events_account_id_slug_key UNIQUE (account_id, slug),
  constraint events_pkey PRIMARY KEY (account_id, id),
  constraint events_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint events_account_id_venue_id_fkey FOREIGN KEY (account_id, venue_id) REFERENCES venues(account_id, id),
  constraint events_capacity_check CHECK ((capacity >= 0)),
  constraint events_check CHECK ((ends_at >= starts_at)),
  constraint events_faq_check CHECK ((jsonb_typeof(faq) = 'array'::text)),
  constraint events_minimum_age_check CHECK (((minimum_age >= 0) AND (minimum_age <= 120))),
  constraint events_slug_check CHECK ((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)),
  constraint events_title_check CHECK ((title <> ''::text))
);
CREATE INDEX events_by_end ON public.events USING btree (account_id, ends_at);
CREATE INDEX events_by_start ON public.events USING btree (account_id, starts_at, id);
CREATE INDEX events_by_venue ON public.events USING btree (account_id, venue_id);
CREATE TRIGGER copy_capacity AFTER INSERT OR UPDATE OF capacity ON public.events FOR EACH ROW EXECUTE FUNCTION copy_event_capacity();
CREATE TRIGGER remember_slug AFTER INSERT OR UPDATE OF slug ON public.events FOR EACH ROW EXECUTE FUNCTION remember_event_slug();

create table holds (
  account_id integer not null,
  checkout_id integer not null,
  event_id integer not null,
  ticket_type_id integer not null,
  quantity integer not null,
  expires_at timestamp with time zone not null,
  constraint holds_pkey PRIMARY KEY (account_id, checkout_id, ticket_type_id),
  constraint holds_account_id_checkout_id_fkey FOREIGN KEY (account_id, checkout_id) REFERENCES checkouts(account_id, id) ON DELETE CASCADE,
  constraint holds_account_id_event_id_ticket_type_id_fkey FOREIGN KEY (account_id, event_id, ticket_type_id) REFERENCES ticket_types(account_id, event_id, id) ON DELETE CASCADE,
  constraint holds_quantity_check CHECK ((quantity > 0))
);
CREATE INDEX holds_by_expiry ON public.holds USING btree (account_id, event_id, expires_at);
CREATE TRIGGER count_ended_holds AFTER DELETE ON public.holds REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_held_places();
CREATE TRIGGER count_new_holds AFTER INSERT ON public.holds REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_held_places();

create table idempotency_keys (
  account_id integer not null,
  method text not null,
  path text not null,
  key text not null,
  input_hash bytea not null,
  status integer,
  location text,
  body text,
  effect_id integer,
  created_at timestamp(0) with time zone not null,
  constraint idempotency_keys_pkey PRIMARY KEY (account_id, method, path, key),
  constraint idempotency_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id)
);
CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);

create table invoice_counters (
  account_id integer not null,
  year integer not null,
  last_number integer not null,
  constraint invoice_counters_pkey PRIMARY KEY (account_id, year),
  constraint invoice_counters_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint invoice_counters_last_number_check CHECK ((last_number > 0))
);

create table invoices (
  account_id integer not null,
  id integer not null generated always as identity,
  order_id integer not null,
  refund_id integer,
  kind text not null,
  year integer not null,
  sequence integer not null,
  number text not null generated always as ((((year)::text || '-'::text) || lpad((sequence)::text, GREATEST(5, length((sequence)::text)), '0'::text))) stored,
  issued_at timestamp(0) with time zone not null,
  total_minor bigint not null,
  document jsonb not null,
  constraint invoices_account_id_year_sequence_key UNIQUE (account_id, year, sequence),
  constraint invoices_pkey PRIMARY KEY (account_id, id),
  constraint invoices_account_id_order_id_fkey FOREIGN KEY (account_id, order_id) REFERENCES orders(account_id, id),
  constraint invoices_account_id_refund_id_fkey FOREIGN KEY (account_id, refund_id) REFERENCES refunds(account_id, id),
  constraint invoices_account_id_year_fkey FOREIGN KEY (account_id, year) REFERENCES invoice_counters(account_id, year),
  constraint invoices_check CHECK (
CASE kind
    WHEN 'invoice'::text THEN (total_minor > 0)
    ELSE ((total_minor < 0) AND (refund_id IS NOT NULL))
END),
  constraint invoices_document_check CHECK ((jsonb_typeof(document) = 'object'::text)),
  constraint invoices_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'cancellation'::text]))),
  constraint invoices_sequence_check CHECK ((sequence > 0))
);
CREATE INDEX invoices_of_order ON public.invoices USING btree (account_id, order_id);
CREATE UNIQUE INDEX invoices_one_per_order ON public.invoices USING btree (account_id, order_id) WHERE (refund_id IS NULL);
CREATE UNIQUE INDEX invoices_one_per_refund ON public.invoices USING btree (account_id, refund_id, kind) WHERE (refund_id IS NOT NULL);
CREATE TRIGGER keep_invoices BEFORE DELETE OR UPDATE ON public.invoices FOR EACH ROW EXECUTE FUNCTION refuse_invoice_change();

create table mails (
  account_id integer not null,
  id integer not null generated always as identity,
  public_id text not null,
  kind text not null,
  recipient text not null,
  locale text not null,
  order_id integer,
  details jsonb not null default '{}'::jsonb,
  status text not null default 'waiting'::text,
  problem text,
  created_at timestamp(0) with time zone not null,
  ended_at timestamp(0) with time zone,
  constraint mails_public_id_key UNIQUE (public_id),
  constraint mails_pkey PRIMARY KEY (account_id, id),
  constraint mails_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint mails_account_id_order_id_fkey FOREIGN KEY (account_id, order_id) REFERENCES orders(account_id, id),
  constraint mails_check CHECK (((status = 'waiting'::text) = (ended_at IS NULL))),
  constraint mails_check1 CHECK (((status = 'failed'::text) = (problem IS NOT NULL))),
  constraint mails_check2 CHECK (((order_id IS NOT NULL) = (kind = ANY (ARRAY['tickets'::text, 'refund'::text, 'cancellation'::text])))),
  constraint mails_details_check CHECK ((jsonb_typeof(details) = 'object'::text)),
  constraint mails_kind_check CHECK ((kind = ANY (ARRAY['tickets'::text, 'refund'::text, 'cancellation'::text, 'money_back'::text, 'money_back_notice'::text, 'order_links'::text]))),
  constraint mails_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'de'::text]))),
  constraint mails_problem_check CHECK ((problem <> ''::text)),
  constraint mails_recipient_check CHECK ((recipient <> ''::text)),
  constraint mails_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'kept'::text])))
);
CREATE INDEX mails_of_order ON public.mails USING btree (account_id, order_id);
CREATE INDEX mails_to ON public.mails USING btree (account_id, recipient, created_at);

create table members (
  account_id integer not null,
  id integer not null generated always as identity,
  email text not null,
  password_hash text,
  role text not null,
  created_at timestamp(0) with time zone not null,
  constraint members_account_id_email_key UNIQUE (account_id, email),
  constraint members_pkey PRIMARY KEY (account_id, id),
  constraint members_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint members_email_check CHECK ((email <> ''::text)),
  constraint members_role_check CHECK ((role = 'owner'::text))
);

create table migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);

create table order_lines (
  account_id integer not null,
  order_id integer not null,
  "position" integer not null,
  public_id text not null,
  ticket_type_id integer not null,
  name text not null,
  quantity integer not null,
  unit_price_minor bigint not null,
  discount_minor bigint not null default 0,
  total_minor bigint not null,
  tax_rate numeric(4,1),
  tax_minor bigint not null default 0,
  constraint order_lines_pkey PRIMARY KEY (account_id, order_id, "position"),
  constraint order_lines_account_id_order_id_fkey FOREIGN KEY (account_id, order_id) REFERENCES orders(account_id, id),
  constraint order_lines_account_id_ticket_type_id_fkey FOREIGN KEY (account_id, ticket_type_id) REFERENCES ticket_types(account_id, id),
  constraint order_lines_check CHECK ((total_minor = ((unit_price_minor * quantity) - discount_minor))),
  constraint order_lines_check1 CHECK (((tax_minor >= 0) AND (tax_minor <= total_minor))),
  constraint order_lines_discount_minor_check CHECK ((discount_minor >= 0)),
  constraint order_lines_quantity_check CHECK ((quantity > 0)),
  constraint order_lines_unit_price_minor_check CHECK ((unit_price_minor >= 0))
);
CREATE TRIGGER sum_new_lines AFTER INSERT ON public.order_lines REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_new_lines();

create table orders (
  account_id integer not null,
  id integer not null generated always as identity,
  public_id text not null,
  order_code text not null,
  import_ref text,
  event_id integer not null,
  customer_id integer not null,
  origin text not null,
  customer_name text not null,
  customer_email text not null,
  staff_note text,
  marketing_consent boolean not null,
  total_minor bigint not null,
  refunded_minor bigint not null default 0,
  payment_provider text not null,
  payment_reference text,
  payment_id integer,
  ticket_count integer not null,
  line_count integer not null,
  attribution jsonb not null default '{}'::jsonb,
  archived_at timestamp(0) with time zone,
  created_at timestamp(0) with time zone not null,
  paid_at timestamp(0) with time zone not null,
  search_text text not null generated always as (((search_fold(customer_email) || '
'::text) || search_fold(customer_name))) stored,
  pending_refund_minor bigint not null default 0,
  cancelled_at timestamp(0) with time zone,
  promo_code_id integer,
  consent_locale text,
  consent_version integer,
  constraint orders_account_id_order_code_key UNIQUE (account_id, order_code),
  constraint orders_public_id_key UNIQUE (public_id),
  constraint orders_pkey PRIMARY KEY (account_id, id),
  constraint orders_account_id_consent_locale_consent_version_fkey FOREIGN KEY (account_id, consent_locale, consent_version) REFERENCES consent_texts(account_id, locale, version),
  constraint orders_account_id_customer_id_fkey FOREIGN KEY (account_id, customer_id) REFERENCES customers(account_id, id) DEFERRABLE,
  constraint orders_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id),
  constraint orders_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint orders_account_id_payment_id_fkey FOREIGN KEY (account_id, payment_id) REFERENCES payments(account_id, id),
  constraint orders_account_id_promo_code_id_fkey FOREIGN KEY (account_id, promo_code_id) REFERENCES promo_codes(account_id, id),
  constraint orders_attribution_check CHECK ((jsonb_typeof(attribution) = 'object'::text)),
  constraint orders_check CHECK (((refunded_minor >= 0) AND (refunded_minor <= total_minor))),
  constraint orders_check1 CHECK (((payment_id IS NULL) = (origin <> 'checkout'::text))),
  constraint orders_check2 CHECK ((paid_at >= created_at)),
  constraint orders_check3 CHECK (((refunded_minor + pending_refund_minor) <= total_minor)),
  constraint orders_check4 CHECK (((consent_locale IS NULL) = (consent_version IS NULL))),
  constraint orders_check5 CHECK (((consent_version IS NULL) OR marketing_consent)),
  constraint orders_line_count_check CHECK ((line_count > 0)),
  constraint orders_origin_check CHECK ((origin = ANY (ARRAY['checkout'::text, 'import'::text]))),
  constraint orders_pending_refund_minor_check CHECK ((pending_refund_minor >= 0)),
  constraint orders_ticket_count_check CHECK ((ticket_count > 0)),
  constraint orders_total_minor_check CHECK ((total_minor >= 0))
);
CREATE INDEX orders_at_hand_by_age ON public.orders USING btree (account_id, paid_at, id) WHERE (archived_at IS NULL);
CREATE INDEX orders_at_hand_of_event_by_age ON public.orders USING btree (account_id, event_id, paid_at, id) WHERE (archived_at IS NULL);
CREATE INDEX orders_by_age ON public.orders USING btree (account_id, paid_at, id);
CREATE UNIQUE INDEX orders_by_import_ref ON public.orders USING btree (account_id, import_ref) WHERE (import_ref IS NOT NULL);
CREATE INDEX orders_by_payment_reference ON public.orders USING btree (account_id, lower(replace(payment_reference, '-'::text, ''::text))) WHERE (payment_reference IS NOT NULL);
CREATE INDEX orders_by_words ON public.orders USING gin (search_text gin_trgm_ops);
CREATE INDEX orders_of_customer_by_age ON public.orders USING btree (account_id, customer_id, paid_at, id);
CREATE INDEX orders_of_event_by_age ON public.orders USING btree (account_id, event_id, paid_at, id);
CREATE UNIQUE INDEX orders_of_payment ON public.orders USING btree (account_id, payment_id) WHERE (payment_id IS NOT NULL);
CREATE INDEX orders_with_promo_code ON public.orders USING btree (account_id, promo_code_id, customer_id) WHERE (promo_code_id IS NOT NULL);
CREATE TRIGGER sum_changed_orders AFTER UPDATE ON public.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_orders();
CREATE TRIGGER sum_new_orders AFTER INSERT ON public.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_orders();
CREATE TRIGGER sum_refunded_lines AFTER UPDATE ON public.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_refunded_lines();
CREATE TRIGGER tally_changed_redemptions AFTER UPDATE ON public.orders REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_redemptions();
CREATE TRIGGER tally_new_redemptions AFTER INSERT ON public.orders REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_redemptions();

create table payments (
  account_id integer not null,
  id integer not null generated always as identity,
  provider text not null,
  idempotency_key text not null,
  amount_minor bigint not null,
  currency text not null,
  status text not null,
  reference text,
  created_at timestamp(0) with time zone not null,
  checkout_public_id text,
  request jsonb,
  session_reference text,
  return_reason text,
  checked_at timestamp(0) with time zone,
  constraint payments_account_id_idempotency_key_key UNIQUE (account_id, idempotency_key),
  constraint payments_pkey PRIMARY KEY (account_id, id),
  constraint payments_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint payments_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint payments_request_check CHECK ((jsonb_typeof(request) = 'object'::text)),
  constraint payments_status_check CHECK ((status = ANY (ARRAY['started'::text, 'pending'::text, 'succeeded'::text, 'declined'::text, 'returning'::text, 'returned'::text])))
);
CREATE INDEX payments_by_reference ON public.payments USING btree (reference) WHERE (provider = 'stripe'::text);
CREATE INDEX payments_by_session ON public.payments USING btree (session_reference) WHERE (session_reference IS NOT NULL);
CREATE INDEX payments_of_checkout ON public.payments USING btree (account_id, checkout_public_id);
CREATE INDEX payments_open ON public.payments USING btree (checked_at NULLS FIRST, account_id, id) WHERE (status = ANY (ARRAY['started'::text, 'pending'::text, 'returning'::text]));

create table promo_codes (
  account_id integer not null,
  id integer not null generated always as identity,
  code text not null,
  discount_type text not null,
  percent numeric(5,2),
  amount_minor bigint,
  event_id integer,
  expires_at timestamp(0) with time zone,
  usage_limit integer,
  max_per_customer integer,
  redemptions_count integer not null default 0,
  active boolean not null default true,
  created_at timestamp(0) with time zone not null,
  updated_at timestamp(0) with time zone not null,
  deleted_at timestamp(0) with time zone,
  constraint promo_codes_pkey PRIMARY KEY (account_id, id),
  constraint promo_codes_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id) ON DELETE CASCADE,
  constraint promo_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint promo_codes_amount_minor_check CHECK ((amount_minor > 0)),
  constraint promo_codes_check CHECK (((percent IS NOT NULL) = (discount_type = 'percentage'::text))),
  constraint promo_codes_check1 CHECK (((amount_minor IS NOT NULL) = (discount_type = 'fixed'::text))),
  constraint promo_codes_code_check CHECK ((code ~ '^[A-Z0-9-]{3,32}$'::text)),
  constraint promo_codes_discount_type_check CHECK ((discount_type = ANY (ARRAY['percentage'::text, 'fixed'::text]))),
  constraint promo_codes_max_per_customer_check CHECK ((max_per_customer > 0)),
  constraint promo_codes_percent_check CHECK (((percent > (0)::numeric) AND (percent <= (100)::numeric))),
  constraint promo_codes_redemptions_count_check CHECK ((redemptions_count >= 0)),
  constraint promo_codes_usage_limit_check CHECK ((usage_limit > 0))
);
CREATE UNIQUE INDEX promo_codes_by_code ON public.promo_codes USING btree (account_id, code) WHERE (deleted_at IS NULL);

create table refunds (
  account_id integer not null,
  id integer not null generated always as identity,
  order_id integer not null,
  amount_minor bigint not null,
  refunded_at timestamp(0) with time zone,
  status text not null default 'succeeded'::text,
  provider_reference text,
  created_at timestamp(0) with time zone,
  constraint refunds_pkey PRIMARY KEY (account_id, id),
  constraint refunds_account_id_order_id_fkey FOREIGN KEY (account_id, order_id) REFERENCES orders(account_id, id),
  constraint refunds_amount_minor_check CHECK ((amount_minor > 0)),
  constraint refunds_check CHECK (((status = 'succeeded'::text) = (refunded_at IS NOT NULL))),
  constraint refunds_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);
CREATE UNIQUE INDEX refunds_by_provider_reference ON public.refunds USING btree (account_id, order_id, provider_reference) WHERE (provider_reference IS NOT NULL);
CREATE INDEX refunds_of_order ON public.refunds USING btree (account_id, order_id);
CREATE INDEX refunds_pending ON public.refunds USING btree (account_id, id) WHERE (status = 'pending'::text);
CREATE TRIGGER sum_changed_refunds AFTER UPDATE ON public.refunds REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_refunds();
CREATE TRIGGER sum_new_refunds AFTER INSERT ON public.refunds REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sum_refunds();

create table stripe_events (
  id integer not null generated always as identity,
  account integer,
  event text not null,
  subject text not null,
  received_at timestamp(0) with time zone not null,
  processed_at timestamp(0) with time zone,
  constraint stripe_events_account_event_key UNIQUE NULLS NOT DISTINCT (account, event),
  constraint stripe_events_pkey PRIMARY KEY (id),
  constraint stripe_events_account_fkey FOREIGN KEY (account) REFERENCES accounts(id)
);
CREATE INDEX stripe_events_open ON public.stripe_events USING btree (id) WHERE (processed_at IS NULL);

create table ticket_types (
  account_id integer not null,
  id integer not null generated always as identity,
  event_id integer not null,
  title text not null,
  state text not null default 'active'::text,
  price_minor bigint not null,
  stock integer,
  "position" integer not null,
  max_per_order integer not null default 10,
  max_per_customer integer,
  tax_rate numeric(4,1),
  sold integer not null default 0,
  held integer not null default 0,
  constraint ticket_types_account_id_event_id_id_key UNIQUE (account_id, event_id, id),
  constraint ticket_types_pkey PRIMARY KEY (account_id, id),
  constraint ticket_types_account_id_event_id_fkey FOREIGN KEY (account_id, event_id) REFERENCES events(account_id, id) ON DELETE CASCADE,
  constraint ticket_types_held_check CHECK ((held >= 0)),
  constraint ticket_types_max_per_customer_check CHECK ((max_per_customer > 0)),
  constraint ticket_types_max_per_order_check CHECK (((max_per_order >= 1) AND (max_per_order <= 100))),
  constraint ticket_types_price_minor_check CHECK ((price_minor >= 0)),
  constraint ticket_types_sold_check CHECK ((sold >= 0)),
  constraint ticket_types_state_check CHECK ((state = ANY (ARRAY['active'::text, 'hidden'::text, 'archived'::text]))),
  constraint ticket_types_stock_check CHECK ((stock >= 0)),
  constraint ticket_types_tax_rate_check CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric))),
  constraint ticket_types_title_check CHECK ((title <> ''::text))
);

create table tickets (
  account_id integer not null,
  order_id integer not null,
  "position" integer not null,
  line_position integer not null,
  event_id integer not null,
  ticket_type_id integer not null,
  public_id text not null,
  check_in_code text not null,
  attendee_name text,
  redeemed_at timestamp(0) with time zone,
  cancelled_at timestamp(0) with time zone,
  secret text not null,
  constraint tickets_account_id_check_in_code_key UNIQUE (account_id, check_in_code),
  constraint tickets_public_id_key UNIQUE (public_id),
  constraint tickets_pkey PRIMARY KEY (account_id, order_id, "position"),
  constraint tickets_account_id_order_id_line_position_fkey FOREIGN KEY (account_id, order_id, line_position) REFERENCES order_lines(account_id, order_id, "position"),
  constraint tickets_secret_check CHECK (((secret ~ '^[0-9A-Z]*$'::text) AND ((octet_length(secret) >= 27) AND (octet_length(secret) <= 64))))
);
CREATE INDEX tickets_redeemed ON public.tickets USING btree (account_id, event_id) WHERE ((redeemed_at IS NOT NULL) AND (cancelled_at IS NULL));
CREATE TRIGGER count_changed_tickets AFTER UPDATE ON public.tickets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_changed_tickets();
CREATE TRIGGER count_issued_tickets AFTER INSERT ON public.tickets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_issued_tickets();

create table venues (
  account_id integer not null,
  id integer not null generated always as identity,
  name text not null,
  address text not null,
  city text not null,
  postal_code text not null,
  country text not null,
  time_zone text not null,
  latitude text,
  longitude text,
  constraint venues_pkey PRIMARY KEY (account_id, id),
  constraint venues_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint venues_address_check CHECK ((address <> ''::text)),
  constraint venues_city_check CHECK ((city <> ''::text)),
  constraint venues_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint venues_name_check CHECK ((name <> ''::text)),
  constraint venues_postal_code_check CHECK ((postal_code <> ''::text))
);

create view daily_totals_from_scratch as
 WITH events_of_customer AS (
         SELECT customers.account_id,
            customers.id AS customer_id,
            0 AS event_id
           FROM customers
        UNION ALL
         SELECT customer_events.account_id,
            customer_events.customer_id,
            customer_events.event_id
           FROM customer_events
        )
 SELECT counted.account_id,
    counted.subject,
    counted.event_id,
    counted.day,
    (count(*))::integer AS count,
    (sum(counted.amount_minor))::bigint AS amount_minor
   FROM ( SELECT c.account_id,
            s.subject,
            e.event_id,
            ((c.created_at AT TIME ZONE a.time_zone))::date AS day,
            c.total_spent_minor AS amount_minor
           FROM (((customers c
             JOIN accounts a ON ((a.id = c.account_id)))
             JOIN events_of_customer e ON (((e.account_id = c.account_id) AND (e.customer_id = c.id))))
             CROSS JOIN LATERAL ( VALUES ('customers'::text,true), ('marketing_customers'::text,(c.marketing_consent_at IS NOT NULL))) s(subject, counts))
          WHERE s.counts
        UNION ALL
         SELECT o.account_id,
                CASE
                    WHEN (o.archived_at IS NULL) THEN 'orders'::text
                    ELSE 'archived_orders'::text
                END AS "case",
            v.event_id,
            ((o.paid_at AT TIME ZONE a.time_zone))::date AS timezone,
            (o.total_minor - o.refunded_minor)
           FROM ((orders o
             JOIN accounts a ON ((a.id = o.account_id)))
             CROSS JOIN LATERAL ( VALUES (0), (o.event_id)) v(event_id))) counted
  GROUP BY counted.account_id, counted.subject, counted.event_id, counted.day
UNION ALL
 SELECT o.account_id,
    'tickets'::text AS subject,
    v.event_id,
    ((o.paid_at AT TIME ZONE a.time_zone))::date AS day,
    (count(*))::integer AS count,
    0 AS amount_minor
   FROM (((tickets t
     JOIN orders o ON (((o.account_id = t.account_id) AND (o.id = t.order_id))))
     JOIN accounts a ON ((a.id = t.account_id)))
     CROSS JOIN LATERAL ( VALUES (0), (t.event_id)) v(event_id))
  WHERE (t.cancelled_at IS NULL)
  GROUP BY o.account_id, 'tickets'::text, v.event_id, (((o.paid_at AT TIME ZONE a.time_zone))::date)
UNION ALL
 SELECT l.account_id,
    ('ticket_type:'::text || l.ticket_type_id) AS subject,
    l.event_id,
    ((l.paid_at AT TIME ZONE a.time_zone))::date AS day,
    0 AS count,
    (sum(line_net(l.refunded_minor, l.order_total_minor, l.total_minor, l.running_minor)))::bigint AS amount_minor
   FROM (( SELECT l_1.account_id,
            l_1.ticket_type_id,
            l_1.total_minor,
            o.event_id,
            o.paid_at,
            o.refunded_minor,
            o.total_minor AS order_total_minor,
            sum(l_1.total_minor) OVER (PARTITION BY l_1.account_id, l_1.order_id ORDER BY l_1."position") AS running_minor
           FROM (order_lines l_1
             JOIN orders o ON (((o.account_id = l_1.account_id) AND (o.id = l_1.order_id))))) l
     JOIN accounts a ON ((a.id = l.account_id)))
  GROUP BY l.account_id, ('ticket_type:'::text || l.ticket_type_id), l.event_id, (((l.paid_at AT TIME ZONE a.time_zone))::date);

CREATE OR REPLACE FUNCTION public.add_places(account integer, event integer, ticket_types integer[], sold_by integer[], held_by integer[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  update event_places p
  set sold = p.sold + (select coalesce(sum(n), 0) from unnest(sold_by) n),
      held = p.held + (select coalesce(sum(n), 0) from unnest(held_by) n)
  where p.account_id = account and p.event_id = event;
  update ticket_types t set sold = t.sold + d.sold, held = t.held + d.held
  from unnest($3, $4, $5) as d (id, sold, held)
  where t.account_id = account and t.event_id = event and t.id = d.id;
end $function$;

CREATE OR REPLACE FUNCTION public.change_time_zone(account integer, zone text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.copy_event_capacity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.count_changed_tickets()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform count_tickets(array_agg((account_id, order_id, event_id, ticket_type_id, places)::ticket_change))
  from (select account_id, order_id, event_id, ticket_type_id, sum(places)::integer as places
        from (select account_id, order_id, event_id, ticket_type_id, 1 as places from new_rows where cancelled_at is null
              union all
              select account_id, order_id, event_id, ticket_type_id, -1 from old_rows where cancelled_at is null) d
        group by 1, 2, 3, 4 having sum(places) <> 0) c
  having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.count_held_places()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.count_issued_tickets()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not is_bulk_load() then
    perform count_tickets(array_agg((account_id, order_id, event_id, ticket_type_id, places)::ticket_change))
    from (select account_id, order_id, event_id, ticket_type_id, count(*)::integer as places
          from new_rows where cancelled_at is null group by 1, 2, 3, 4) c
    having count(*) > 0;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.count_tickets(changes ticket_change[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select o.account_id, 'tickets', v.event_id, (o.paid_at at time zone z.zone)::date, sum(c.places), 0
  from unnest(changes) c
  join orders o on o.account_id = c.account_id and o.id = c.order_id
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from unnest(changes)) d) z
    on z.a = c.account_id
  cross join lateral (values (0), (c.event_id)) v (event_id)
  group by 1, 2, 3, 4;
  if not is_bulk_load() then
    perform add_places(account_id, event_id, array_agg(ticket_type_id), array_agg(places), array_agg(0))
    from (select account_id, event_id, ticket_type_id, sum(places)::integer as places
          from unnest(changes) group by 1, 2, 3 order by 1, 2, 3) d
    group by account_id, event_id;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION public.fold_letters(original text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
    begin
      return replace(lower(public.unaccent('public.unaccent', normalize(original, nfc)) collate "und-x-icu"), 'ς', 'σ');
    end $function$;

CREATE OR REPLACE FUNCTION public.is_bulk_load()
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(current_setting('foyer.bulk', true), '') = 'on'
$function$;

CREATE OR REPLACE FUNCTION public.keep_consent_text()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise check_violation using constraint = 'consent_texts_stay', message = 'a consent text never changes';
end $function$;

CREATE OR REPLACE FUNCTION public.line_net(refunded bigint, order_total bigint, line_total bigint, running numeric)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when refunded = 0 then line_total
    else line_total - div(refunded * running, order_total) + div(refunded * (running - line_total), order_total) end
$function$;

CREATE OR REPLACE FUNCTION public.order_stands(total_minor bigint, refunded_minor bigint, cancelled_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select cancelled_at is null and not (total_minor > 0 and refunded_minor = total_minor)
$function$;

CREATE OR REPLACE FUNCTION public.period_start(unit text, now timestamp with time zone, zone text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
declare
  first_day date := date_trunc(unit, now at time zone zone);
  midnight timestamptz := first_day::timestamp at time zone zone;
begin
  if ((midnight - interval '1 hour') at time zone zone)::date = first_day then
    return midnight - interval '1 hour';
  end if;
  return midnight;
end $function$;

CREATE OR REPLACE FUNCTION public.pinned_time_zone(account integer)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare zone text;
begin
  perform pg_advisory_xact_lock_shared(7001, account);
  select time_zone into zone from accounts where id = account;
  return zone;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_invoice_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise restrict_violation using message = 'an invoice never changes';
end $function$;

CREATE OR REPLACE FUNCTION public.remember_event_slug()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into event_slugs (account_id, slug, event_id) values (new.account_id, new.slug, new.id)
  on conflict (account_id, slug) do update set event_id = excluded.event_id where event_slugs.event_id = excluded.event_id;
  if not found then
    raise unique_violation using constraint = 'event_slugs_pkey', message = 'slug belongs to another event';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.search_fold(original text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when octet_length(original) = char_length(original) then lower(original) else public.fold_letters(original) end
$function$;

CREATE OR REPLACE FUNCTION public.search_pattern(word text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select '%' || replace(replace(replace(search_fold(word), '\', '\\'), '%', '\%'), '_', '\_') || '%'
$function$;

CREATE OR REPLACE FUNCTION public.sum_customer_events()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_nestloop TO 'on'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if not is_bulk_load() then
    perform from customers c
    where (c.account_id, c.id) in (select account_id, customer_id from new_rows)
    order by c.account_id, c.id for no key update;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select d.account_id, s.subject, d.event_id, d.day, s.count, s.amount
  from (
    select c.account_id, e.event_id, (c.created_at at time zone z.zone)::date as day,
           count(*) as customers, sum(total_spent_minor) as spent,
           count(c.marketing_consent_at) as marketing,
           sum(total_spent_minor) filter (where c.marketing_consent_at is not null) as marketing_spent
    from new_rows e
    join customers c on c.account_id = e.account_id and c.id = e.customer_id
    join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
      on z.a = e.account_id
    group by 1, 2, 3
  ) d
  cross join lateral (values ('customers', customers, spent), ('marketing_customers', marketing, marketing_spent))
    s (subject, count, amount)
  where s.count > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.sum_customers()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select d.account_id, s.subject, 0, d.day, s.count, s.amount
    from (
      select c.account_id, (created_at at time zone z.zone)::date as day,
             count(*) as customers, sum(total_spent_minor) as spent,
             count(marketing_consent_at) as marketing,
             sum(total_spent_minor) filter (where marketing_consent_at is not null) as marketing_spent
      from new_rows c
      join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
        on z.a = c.account_id
      group by 1, 2
    ) d
    cross join lateral (values ('customers', customers, spent), ('marketing_customers', marketing, marketing_spent))
      s (subject, count, amount)
    where s.count > 0;
    return null;
  end if;

  if not exists (
    select from new_rows n join old_rows o using (account_id, id)
    where (n.created_at, n.total_spent_minor, n.marketing_consent_at is not null)
       is distinct from (o.created_at, o.total_spent_minor, o.marketing_consent_at is not null)
  ) then
    return null;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select c.account_id, s.subject, e.event_id, (c.created_at at time zone z.zone)::date, sum(n), sum(n * total_spent_minor)
  from (select 1 as n, * from new_rows union all select -1, * from old_rows) c
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = c.account_id
  cross join lateral (
    select 0 as event_id
    union all
    select ce.event_id from customer_events ce where ce.account_id = c.account_id and ce.customer_id = c.id
  ) e
  cross join lateral (values ('customers', true), ('marketing_customers', marketing_consent_at is not null))
    s (subject, counts)
  where s.counts
  group by 1, 2, 3, 4
  having sum(n) <> 0 or sum(n * total_spent_minor) <> 0;
  update customer_events ce
  set customer_created_at = c.created_at, marketing_consent = c.marketing_consent_at is not null
  from new_rows c
  where ce.account_id = c.account_id and ce.customer_id = c.id
    and (ce.customer_created_at, ce.marketing_consent)
        is distinct from (c.created_at, c.marketing_consent_at is not null);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.sum_new_lines()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_nestloop TO 'on'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select l.account_id, 'ticket_type:' || l.ticket_type_id, o.event_id, (o.paid_at at time zone z.zone)::date, 0,
         sum(line_net(o.refunded_minor, o.total_minor, l.total_minor, l.running))
  from (select *, sum(total_minor) over (partition by account_id, order_id order by position) as running from new_rows) l
  join orders o on o.account_id = l.account_id and o.id = l.order_id
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = l.account_id
  group by 1, 2, 3, 4;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.sum_orders()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select d.account_id, s.subject, v.event_id, d.day, sum(s.count), sum(s.net)
    from (
      select o.account_id, o.event_id, (o.paid_at at time zone z.zone)::date as day, archived_at is null as is_at_hand,
             count(*) as orders, sum(total_minor - refunded_minor) as net,
             sum(ticket_count) filter (where refunded_minor < total_minor or total_minor = 0) as tickets
      from new_rows o
      join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
        on z.a = o.account_id
      group by 1, 2, 3, 4
    ) d
    cross join lateral (values
      (case when is_at_hand then 'orders' else 'archived_orders' end, orders, net),
      ('tickets', case when is_bulk_load() then tickets end, 0)
    ) s (subject, count, net)
    cross join lateral (values (0), (d.event_id)) v (event_id)
    where s.count is not null
    group by 1, 2, 3, 4;
    if not is_bulk_load() then
      update customers c set total_spent_minor = c.total_spent_minor + d.net
      from (select account_id, customer_id, sum(total_minor - refunded_minor) as net from new_rows group by 1, 2) d
      where c.account_id = d.account_id and c.id = d.customer_id and d.net <> 0;
    end if;
  else
    insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
    select account_id, subject, e, day, sum(n), sum(net)
    from (select o.account_id, case when archived_at is null then 'orders' else 'archived_orders' end as subject,
                 event_id, (paid_at at time zone z.zone)::date as day, n, n * (total_minor - refunded_minor) as net
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) o
          join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
            on z.a = o.account_id) r
    cross join lateral (values (0), (event_id)) v (e)
    group by 1, 2, 3, 4
    having sum(n) <> 0 or sum(net) <> 0;
    update customers c set total_spent_minor = c.total_spent_minor + d.net
    from (select account_id, customer_id, sum(n * (total_minor - refunded_minor)) as net
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) o group by 1, 2) d
    where c.account_id = d.account_id and c.id = d.customer_id and d.net <> 0;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.sum_refunded_lines()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (
    select from new_rows n join old_rows o using (account_id, id) where n.refunded_minor <> o.refunded_minor
  ) then
    return null;
  end if;
  insert into daily_total_changes (account_id, subject, event_id, day, count, amount_minor)
  select l.account_id, 'ticket_type:' || l.ticket_type_id, n.event_id, (n.paid_at at time zone z.zone)::date, 0,
         sum(line_net(n.refunded_minor, n.total_minor, l.total_minor, l.running)
           - line_net(o.refunded_minor, o.total_minor, l.total_minor, l.running))
  from new_rows n
  join old_rows o using (account_id, id)
  join (select a, pinned_time_zone(a) as zone from (select distinct account_id as a from new_rows) d) z
    on z.a = n.account_id
  cross join lateral (
    select l.*, sum(total_minor) over (order by position) as running
    from order_lines l where l.account_id = n.account_id and l.order_id = n.id
  ) l
  where n.refunded_minor <> o.refunded_minor
  group by 1, 2, 3, 4;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.sum_refunds()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if is_bulk_load() then
    return null;
  end if;
  if tg_op = 'INSERT' then
    update orders o
    set refunded_minor = o.refunded_minor + d.succeeded, pending_refund_minor = o.pending_refund_minor + d.pending
    from (select account_id, order_id,
                 coalesce(sum(amount_minor) filter (where status = 'succeeded'), 0) as succeeded,
                 coalesce(sum(amount_minor) filter (where status = 'pending'), 0) as pending
          from new_rows group by 1, 2) d
    where o.account_id = d.account_id and o.id = d.order_id;
  else
    update orders o
    set refunded_minor = o.refunded_minor + d.succeeded, pending_refund_minor = o.pending_refund_minor + d.pending
    from (select account_id, order_id,
                 coalesce(sum(n * amount_minor) filter (where status = 'succeeded'), 0) as succeeded,
                 coalesce(sum(n * amount_minor) filter (where status = 'pending'), 0) as pending
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) r group by 1, 2) d
    where o.account_id = d.account_id and o.id = d.order_id and (d.succeeded, d.pending) <> (0, 0);
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tally_redemptions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    update promo_codes p set redemptions_count = p.redemptions_count + d.uses
    from (select account_id, promo_code_id, count(*)::integer as uses from new_rows
          where promo_code_id is not null and order_stands(total_minor, refunded_minor, cancelled_at) group by 1, 2) d
    where p.account_id = d.account_id and p.id = d.promo_code_id;
  else
    update promo_codes p set redemptions_count = p.redemptions_count + d.uses
    from (select account_id, promo_code_id, sum(n)::integer as uses
          from (select 1 as n, * from new_rows union all select -1, * from old_rows) o
          where promo_code_id is not null and order_stands(total_minor, refunded_minor, cancelled_at)
          group by 1, 2 having sum(n) <> 0) d
    where p.account_id = d.account_id and p.id = d.promo_code_id;
  end if;
  return null;
end $function$;
