import { Compile } from 'typebox/compile'
import type { Config } from '../config.ts'
import type { Pool } from '../platform/database.ts'
import { invalid } from '../platform/refusal.ts'
import { changeSettings } from './change-settings.ts'
import { findSettings } from './queries.ts'
import { presentSettings, SettingsInput, secretSettings } from './schema.ts'

const keys = Object.keys(SettingsInput.properties)
const input = Compile(SettingsInput)

/** What `foyer settings get` prints: one setting, or all. Throws 422 for an unknown key. */
export async function getSettings(db: Pool, accountId: number, key: string | undefined, defaultHoldMinutes: number) {
  const settings: Record<string, unknown> = presentSettings(await findSettings(db, accountId), defaultHoldMinutes)
  if (key === undefined)
    return { result: settings, text: `${JSON.stringify(settings, null, 2)}${footerNotice(settings)}` }
  refuseUnknownKey(key)
  if (secretSettings.some((secret) => secret === key)) throw invalid(key, 'can be written, but never read')
  const value = settings[key] ?? null
  return { result: { [key]: value }, text: typeof value === 'string' ? value : JSON.stringify(value) }
}

/**
 * What `foyer settings set` does. The value is text, or JSON where the setting is a number, a list or an object;
 * without one the setting is cleared. Throws 422 as the route does.
 */
export async function setSetting(
  db: Pool,
  accountId: number,
  key: string,
  value: string | undefined,
  config: Pick<Config, 'holdMinutes' | 'secretKey'>,
) {
  refuseUnknownKey(key)
  const asText = { [key]: value ?? null }
  const changes = input.Check(asText) ? asText : { [key]: readJson(key, value ?? 'null') }
  if (!input.Check(changes)) throw invalid(key, value === undefined ? "can't be blank" : 'is invalid')
  const changed: Record<string, unknown> = presentSettings(
    await changeSettings(db, accountId, changes, config),
    config.holdMinutes,
  )
  return { result: { [key]: changed[key] ?? null }, text: `${key} is set.` }
}

/** Said where the settings are looked at: what the shop's footer must name and does not. */
function footerNotice(settings: Record<string, unknown>): string {
  const missing = ['imprint', 'terms_url', 'privacy_url'].filter((key) => settings[key] === null)
  return missing.length === 0
    ? ''
    : `\n\nThe footer of the shop lacks ${missing.join(', ')}: buyers look for it, and the law may ask for it.`
}

function refuseUnknownKey(key: string): void {
  if (!keys.includes(key)) throw invalid(key, `is not a setting: choose one of ${keys.join(', ')}`)
}

function readJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid(key, 'is invalid')
  }
}
