-- Questions that visitors ask about an event, in the organiser's order: [{"question": …, "answer": …}].

alter table events add column faq jsonb not null default '[]' check (jsonb_typeof(faq) = 'array');
