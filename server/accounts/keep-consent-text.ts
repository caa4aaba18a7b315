import { type Pool, transaction } from '../platform/database.ts'
import { findConsentVersion, insertConsentText } from './consent-queries.ts'
import { lockSettings } from './queries.ts'

/** The version under which this wording is kept; it becomes the next one where it was never used before. */
export async function keepConsentText(
  db: Pool,
  accountId: number,
  locale: 'en' | 'de',
  text: string,
  now: Date,
): Promise<number> {
  const known = await findConsentVersion(db, accountId, locale, text)
  if (known !== undefined) return known
  return transaction(db, async (tx) => {
    await lockSettings(tx, accountId)
    await insertConsentText(tx, accountId, locale, text, now)
    const version = await findConsentVersion(tx, accountId, locale, text)
    if (version === undefined) throw new Error('a consent text vanished while it was written')
    return version
  })
}
