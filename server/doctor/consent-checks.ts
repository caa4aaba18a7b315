import { check } from './check.ts'

/** What exactly buyers agreed to. */
export const consentChecks = [
  check(
    "An order keeps its checkout's consent, and the wording that it was given to",
    (db) => db`
      select o.account_id, 'orders ' || o.id as subject,
             format('says %s to %s %s, its checkout %s to %s %s', o.marketing_consent, coalesce(o.consent_locale, 'no text'),
                    o.consent_version, c.marketing_consent, coalesce(c.consent_locale, 'no text'), c.consent_version) as problem
      from checkouts c
      join orders o on o.account_id = c.account_id and o.id = c.order_id
      where (o.marketing_consent, o.consent_locale, o.consent_version)
            is distinct from (c.marketing_consent, c.consent_locale, c.consent_version)`,
  ),
  check(
    'The wordings of a consent are numbered from 1 without a gap, each of them once',
    (db) => db`
      select account_id, format('consent_texts %s/%s', locale, version) as subject,
             format('is number %s', row_number() over (partition by account_id, locale order by version)) as problem
      from consent_texts
      where (account_id, locale) in (
        select account_id, locale from consent_texts group by 1, 2 having max(version) <> count(*))`,
    (db) => db`
      select account_id, format('consent_texts %s/%s', locale, max(version)) as subject, 'has the words of another' as problem
      from consent_texts group by account_id, locale, text having count(*) > 1`,
  ),
]
