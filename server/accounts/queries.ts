import type { Db, Tx } from '../platform/database.ts'
import { ask, plain, type Sql, sql } from '../platform/sql.ts'
import type { Account, Caller, Permission } from './account.ts'

const callerColumns = plain(`
  a.id as account_id, a.time_zone, json_build_object(
    'account', json_build_object('id', a.id, 'name', a.name, 'subdomain', a.subdomain, 'currency', a.currency,
      'timeZone', a.time_zone, 'locale', a.locale, 'holdMinutes', a.hold_minutes),
    'token', json_build_object('id', t.id, 'description', t.description, 'permission', t.permission)) as caller`)

/** What `callersAccount` names and the whole `caller`, as SQL: one row, or none where the token is not good. */
export function callerByToken(hash: Buffer): Sql {
  return sql`
    select ${callerColumns} from api_tokens t join accounts a on a.id = t.account_id
    where t.token_hash = ${hash} and t.revoked_at is null`
}

export async function findCaller(db: Db, hash: Buffer): Promise<Caller | undefined> {
  const [row] = await ask<{ caller: Caller }>(db, sql`select caller from (${callerByToken(hash)}) found`)
  return row?.caller
}

export async function findAccountBySubdomain(db: Db, subdomain: string): Promise<Account | undefined> {
  const [row] = await db<Account[]>`
    select id, name, subdomain, currency, time_zone, locale, hold_minutes::float8 as hold_minutes
    from accounts where subdomain = ${subdomain}`
  return row
}

export async function findAccount(db: Db, id: number): Promise<Account | undefined> {
  const [row] = await db<Account[]>`
    select id, name, subdomain, currency, time_zone, locale, hold_minutes::float8 as hold_minutes
    from accounts where id = ${id}`
  return row
}

/** The installation's account if it has exactly one. */
export async function findOnlyAccount(db: Db): Promise<Account | undefined> {
  const rows = await db<Account[]>`
    select id, name, subdomain, currency, time_zone, locale, hold_minutes::float8 as hold_minutes
    from accounts order by id limit 2`
  return rows.length === 1 ? rows[0] : undefined
}

export interface NewAccount {
  name: string
  subdomain: string
  currency: string
  timeZone: string
  createdAt: Date
}

/** Resolves to undefined where the subdomain is taken. */
export async function insertAccount(db: Db, account: NewAccount): Promise<number | undefined> {
  const [row] = await db<{ id: number }[]>`
    insert into accounts (name, subdomain, currency, time_zone, created_at)
    values (${account.name}, ${account.subdomain}, ${account.currency}, ${account.timeZone}, ${account.createdAt})
    on conflict (subdomain) do nothing
    returning id`
  return row?.id
}

export async function insertOwner(
  db: Db,
  accountId: number,
  owner: { email: string; passwordHash: string | null; createdAt: Date },
): Promise<void> {
  await db`
    insert into members (account_id, email, password_hash, role, created_at)
    values (${accountId}, ${owner.email}, ${owner.passwordHash}, 'owner', ${owner.createdAt})`
}

/** Who owns the account, and the language that they read. */
export async function findOwner(
  db: Db,
  accountId: number,
): Promise<{ email: string; locale: 'en' | 'de' } | undefined> {
  const [row] = await db<{ email: string; locale: 'en' | 'de' }[]>`
    select m.email, a.locale from members m join accounts a on a.id = m.account_id
    where m.account_id = ${accountId} and m.role = 'owner' order by m.id limit 1`
  return row
}

export async function insertToken(
  db: Db,
  accountId: number,
  token: { description: string; permission: Permission; hash: Buffer; createdAt: Date },
): Promise<number> {
  const [row] = await db<[{ id: number }]>`
    insert into api_tokens (account_id, description, permission, token_hash, created_at)
    values (${accountId}, ${token.description}, ${token.permission}, ${token.hash}, ${token.createdAt})
    returning id`
  return row.id
}

/** False where the account has no such token; revoking twice is the same as once. */
export async function updateTokenRevoked(db: Db, accountId: number, id: number, at: Date): Promise<boolean> {
  const rows = await db`
    update api_tokens set revoked_at = coalesce(revoked_at, ${at})
    where account_id = ${accountId} and id = ${id} returning id`
  return rows.length === 1
}

/** Revokes every live token of that description. */
export async function updateTokensRevoked(db: Db, accountId: number, description: string, at: Date): Promise<void> {
  await db`
    update api_tokens set revoked_at = ${at}
    where account_id = ${accountId} and description = ${description} and revoked_at is null`
}

export interface SettingsRow {
  name: string
  timeZone: string
  locale: 'en' | 'de'
  imprint: string | null
  vatId: string | null
  termsUrl: string | null
  privacyUrl: string | null
  consentText: { en?: string; de?: string }
  holdMinutes: number | null
  frameOrigins: string[]
}

export async function findSettings(db: Db, accountId: number): Promise<SettingsRow> {
  const [row] = await db<[SettingsRow]>`
    select name, time_zone, locale, imprint, vat_id, terms_url, privacy_url, consent_text,
           hold_minutes::float8 as hold_minutes, frame_origins
    from accounts where id = ${accountId}`
  return row
}

/** Two who change settings at once do so one after the other. */
export async function lockSettings(db: Db, accountId: number): Promise<void> {
  await db`select from accounts where id = ${accountId} for no key update`
}

export async function updateSettings(db: Db, accountId: number, settings: SettingsRow): Promise<void> {
  await db`
    update accounts
    set name = ${settings.name}, locale = ${settings.locale}, imprint = ${settings.imprint}, vat_id = ${settings.vatId},
        terms_url = ${settings.termsUrl}, privacy_url = ${settings.privacyUrl},
        consent_text = ${db.json(settings.consentText)}, hold_minutes = ${settings.holdMinutes},
        frame_origins = ${settings.frameOrigins}
    where id = ${accountId}`
}

/** Sealed; null clears. */
export async function updateStripeKeys(
  db: Db,
  accountId: number,
  keys: { stripe_secret_key?: Buffer | null; stripe_webhook_secret?: Buffer | null },
): Promise<void> {
  for (const [column, sealed] of Object.entries(keys))
    await db`update accounts set ${db(column)} = ${sealed} where id = ${accountId}`
}

/**
 * Also counts every day of the account anew (see migration 0006). Nothing may be counted meanwhile, and whatever wants to
 * be waits behind this: so it waits no longer than a moment itself, for those who count. Then `isLockTimeout`.
 */
export async function updateTimeZone(tx: Tx, accountId: number, timeZone: string): Promise<void> {
  await tx`set local lock_timeout = '500ms'`
  await tx`select change_time_zone(${accountId}, ${timeZone})`
  await tx`set local lock_timeout = 0`
}
