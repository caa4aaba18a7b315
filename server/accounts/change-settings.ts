import type { Config } from '../config.ts'
import { isLockTimeout, type Pool, type Tx, transaction } from '../platform/database.ts'
import { conflict, invalid } from '../platform/refusal.ts'
import { sealerOf } from '../platform/sealing.ts'
import { resolveTimeZone } from '../platform/time-zones.ts'
import {
  findSettings,
  lockSettings,
  type SettingsRow,
  updateSettings,
  updateStripeKeys,
  updateTimeZone,
} from './queries.ts'
import { type SettingsInput, secretSettings } from './schema.ts'

/**
 * Changes what `input` names and leaves the rest. `null` or "" clears. Resolves to all settings as they are then.
 * Throws 422 on the field that can't be so, 409 for another time zone while an import runs.
 */
export async function changeSettings(
  db: Pool,
  accountId: number,
  input: SettingsInput,
  config: Pick<Config, 'secretKey'>,
): Promise<SettingsRow> {
  const keys = sealKeys(input, config)
  return transaction(db, async (tx) => {
    await lockSettings(tx, accountId)
    const now = await findSettings(tx, accountId)
    const timeZone = input.time_zone === undefined ? now.timeZone : resolveTimeZone(input.time_zone)
    if (!timeZone) throw invalid('time_zone', 'is not a time zone such as Europe/Berlin')
    const changed: SettingsRow = {
      name: input.name?.trim() ?? now.name,
      timeZone,
      locale: input.locale ?? now.locale,
      imprint: changedText(input.imprint, now.imprint),
      vatId: changedText(input.vat_id, now.vatId),
      termsUrl: changedUrl('terms_url', input.terms_url, now.termsUrl),
      privacyUrl: changedUrl('privacy_url', input.privacy_url, now.privacyUrl),
      consentText: changedTexts(input.consent_text, now.consentText),
      holdMinutes: input.hold_minutes === undefined ? now.holdMinutes : input.hold_minutes,
      frameOrigins: input.frame_origins?.map(readOrigin) ?? now.frameOrigins,
    }
    if (timeZone !== now.timeZone) await changeTimeZone(tx, accountId, timeZone)
    await updateSettings(tx, accountId, changed)
    await updateStripeKeys(tx, accountId, keys)
    return changed
  })
}

async function changeTimeZone(tx: Tx, accountId: number, timeZone: string): Promise<void> {
  try {
    await updateTimeZone(tx, accountId, timeZone)
  } catch (error) {
    if (!isLockTimeout(error)) throw error
    throw conflict('Orders are being written, as by an import: change the time zone when it has ended')
  }
}

const keyForms = { stripe_secret_key: /^[sr]k_[\x21-\x7e]+$/, stripe_webhook_secret: /^whsec_[\x21-\x7e]+$/ }

/** What of the input is secret, as it is kept. */
function sealKeys(input: SettingsInput, { secretKey }: Pick<Config, 'secretKey'>): Record<string, Buffer | null> {
  const sealed: Record<string, Buffer | null> = {}
  for (const name of secretSettings) {
    if (input[name] === undefined) continue
    const text = input[name]?.trim() || null
    if (text !== null && !keyForms[name].test(text)) throw invalid(name, 'is invalid')
    if (text !== null && secretKey === undefined)
      throw invalid(
        name,
        "can't be kept without SECRET_KEY: start Foyer with a random text of at least 32 characters in it",
      )
    sealed[name] = text === null || secretKey === undefined ? null : sealerOf(secretKey).seal(text)
  }
  return sealed
}

function changedText(input: string | null | undefined, now: string | null): string | null {
  return input === undefined ? now : input?.trim() || null
}

function changedTexts(
  input: SettingsInput['consent_text'],
  now: SettingsRow['consentText'],
): SettingsRow['consentText'] {
  const texts = { en: changedText(input?.en, now.en ?? null), de: changedText(input?.de, now.de ?? null) }
  return { ...(texts.en === null ? {} : { en: texts.en }), ...(texts.de === null ? {} : { de: texts.de }) }
}

function changedUrl(field: string, input: string | null | undefined, now: string | null): string | null {
  const text = changedText(input, now)
  if (text !== null && !['http:', 'https:'].includes(URL.parse(text)?.protocol ?? ''))
    throw invalid(field, 'is invalid')
  return text
}

function readOrigin(text: string): string {
  const url = URL.parse(text.trim())
  const isOrigin =
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.origin === text.trim().replace(/\/$/, '')
  if (!isOrigin) throw invalid('frame_origins', 'must be origins such as https://example.com')
  return url.origin
}
