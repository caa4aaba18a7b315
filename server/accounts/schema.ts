import { Type } from 'typebox'
import { Nullable, OneOf, Text } from '../platform/http/shapes.ts'
import type { Caller } from './account.ts'
import type { SettingsRow } from './queries.ts'

export const Identity = Type.Object(
  {
    account: Type.Object({
      name: Type.String(),
      subdomain: Type.String(),
      currency: Type.String(),
      time_zone: Type.String(),
    }),
    token: Type.Object({ description: Type.String(), permission: OneOf(['read', 'write']) }),
  },
  { title: 'Identity' },
)

export function presentIdentity({ account, token }: Caller): Type.Static<typeof Identity> {
  const { name, subdomain, currency, timeZone } = account
  return {
    account: { name, subdomain, currency, time_zone: timeZone },
    token: { description: token.description, permission: token.permission },
  }
}

const Locale = OneOf(['en', 'de'])

export const Settings = Type.Object(
  {
    name: Type.String(),
    time_zone: Type.String(),
    locale: Locale,
    imprint: Nullable(Type.String()),
    vat_id: Nullable(Type.String()),
    terms_url: Nullable(Type.String()),
    privacy_url: Nullable(Type.String()),
    consent_text: Type.Object({ en: Nullable(Type.String()), de: Nullable(Type.String()) }),
    hold_minutes: Type.Number(),
    frame_origins: Type.Array(Type.String()),
  },
  { title: 'Settings' },
)

export const SettingsInput = Type.Object({
  name: Type.Optional(Text()),
  time_zone: Type.Optional(Text()),
  locale: Type.Optional(Locale),
  imprint: Type.Optional(Nullable(Type.String({ maxLength: 5000 }))),
  vat_id: Type.Optional(Nullable(Type.String({ maxLength: 50 }))),
  terms_url: Type.Optional(Nullable(Type.String({ maxLength: 2000 }))),
  privacy_url: Type.Optional(Nullable(Type.String({ maxLength: 2000 }))),
  consent_text: Type.Optional(
    Type.Object({
      en: Type.Optional(Nullable(Type.String({ maxLength: 2000 }))),
      de: Type.Optional(Nullable(Type.String({ maxLength: 2000 }))),
    }),
  ),
  hold_minutes: Type.Optional(Nullable(Type.Number({ minimum: 0.001, maximum: 1440 }))),
  frame_origins: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 50 })),
  stripe_secret_key: Type.Optional(Nullable(Type.String({ maxLength: 300 }))),
  stripe_webhook_secret: Type.Optional(Nullable(Type.String({ maxLength: 300 }))),
})
/** These can be written and are never read. */
export const secretSettings = ['stripe_secret_key', 'stripe_webhook_secret'] as const
export type SettingsInput = Type.Static<typeof SettingsInput>

/** `defaultHoldMinutes` is the installation's, which holds where the account sets none. */
export function presentSettings(row: SettingsRow, defaultHoldMinutes: number): Type.Static<typeof Settings> {
  return {
    name: row.name,
    time_zone: row.timeZone,
    locale: row.locale,
    imprint: row.imprint,
    vat_id: row.vatId,
    terms_url: row.termsUrl,
    privacy_url: row.privacyUrl,
    consent_text: { en: row.consentText.en ?? null, de: row.consentText.de ?? null },
    hold_minutes: row.holdMinutes ?? defaultHoldMinutes,
    frame_origins: row.frameOrigins,
  }
}

export const ShopSettings = Type.Object(
  { shop_url: Type.String(), name: Type.String(), locale: Locale },
  { title: 'ShopSettings' },
)
