import type { Faults } from './planted-faults.test.ts'

const insertTexts = (values: string) =>
  `insert into consent_texts (account_id, locale, version, text, created_at) values ${values}`

export const consentFaults: Faults = {
  "An order keeps its checkout's consent, and the wording that it was given to": [
    {
      plant: `${insertTexts("(1, 'en', 1, 'Yes', '2026-04-01')")};
              update orders set consent_locale = 'en', consent_version = 1 where id = 2`,
      found: 'account 1, orders 2: says t to en 1, its checkout t to no text',
    },
    {
      plant: 'update checkouts set marketing_consent = false where order_id = 2',
      found: 'account 1, orders 2: says t to no text',
    },
  ],
  'The wordings of a consent are numbered from 1 without a gap, each of them once': [
    {
      plant: insertTexts("(1, 'en', 1, 'Yes', '2026-04-01'), (1, 'en', 3, 'No', '2026-04-01')"),
      found: 'account 1, consent_texts en/3: is number 2',
    },
    {
      plant: `drop index consent_texts_once;
              ${insertTexts("(1, 'de', 1, 'Ja', '2026-04-01'), (1, 'de', 2, 'Ja', '2026-04-01')")}`,
      found: 'account 1, consent_texts de/2: has the words of another',
    },
  ],
}
