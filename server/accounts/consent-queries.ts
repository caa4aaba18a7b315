import type { Db } from '../platform/database.ts'

/** The version that the wording has in that language, or undefined where it was never used. */
export async function findConsentVersion(
  db: Db,
  accountId: number,
  locale: 'en' | 'de',
  text: string,
): Promise<number | undefined> {
  const [row] = await db<{ version: number }[]>`
    select version from consent_texts
    where account_id = ${accountId} and locale = ${locale} and md5(text) = md5(${text}) and text = ${text}`
  return row?.version
}

/** Adds a version. False where the wording has one already; the account must be locked, so that versions follow each other. */
export async function insertConsentText(
  db: Db,
  accountId: number,
  locale: 'en' | 'de',
  text: string,
  at: Date,
): Promise<void> {
  await db`
    insert into consent_texts (account_id, locale, version, text, created_at)
    select ${accountId}, ${locale}, coalesce(max(version), 0) + 1, ${text}, ${at}
    from consent_texts where account_id = ${accountId} and locale = ${locale}
    on conflict (account_id, locale, md5(text)) do nothing`
}
