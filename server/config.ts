import type { FastifyBaseLogger } from 'fastify'
import type { Pool } from './platform/database.ts'
import { normalizeEmail } from './platform/email-address.ts'
import type { Clock } from './platform/time.ts'

/** Connections to one database, apart from each other so that nobody waits for what takes longer. */
export interface Pools {
  db: Pool
  /** For questions of one short statement: few connections that are busy answer more than many that take turns. */
  lookups: Pool
  /** Connections kept for complete lists, so that a slow reader takes none that a sale waits for. */
  readers: Pool
  /** For searches: their statements are planned anew each time, and however many there are, others get their turn. */
  searches: Pool
}

/** What every room is handed. */
export interface Deps extends Pools {
  clock: Clock
  config: Config
  log: FastifyBaseLogger
  /** False while something must still be done before buyers may come. */
  isReady: () => boolean
}

export interface Config {
  /** undefined: Foyer runs its own PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined
  dataDir: string
  host: string
  port: number
  /** The installation's own address, without a slash at its end. */
  baseUrl: string
  logLevel: string
  /** Requests a minute, per token and per address. */
  rateLimit: number | 'off'
  trustProxy: string[]
  /** Minutes that a checkout holds its places where the account says nothing else. */
  holdMinutes: number
  testPayments: boolean
  /** The installation's own keys, which come before an account's. */
  stripeSecretKey: string | undefined
  stripeWebhookSecret: string | undefined
  /** Of a local double of Stripe. */
  stripeApiUrl: string | undefined
  /** Seals the secrets that are kept in the database. */
  secretKey: string | undefined
  /** Who brings mails on their way; undefined: they are kept. */
  smtpUrl: string | undefined
  /** The address that mails come from; undefined: no-reply at the installation's own host. */
  mailFrom: string | undefined
}

type Environment = Record<string, string | undefined>

/**
 * Reads the configuration from environment variables; the only reader of them. Throws one error that names every
 * variable that is wrong and what it may be.
 */
export function readConfig(environment: Environment): Config {
  const wrong: string[] = []
  const read = <T>(name: string, fallback: T, parse: (text: string) => T | undefined, expected: string): T => {
    const text = environment[name]?.trim()
    if (!text) return fallback
    const value = parse(text)
    if (value === undefined) wrong.push(`${name} is "${shown(name, text)}", but must be ${expected}.`)
    return value ?? fallback
  }
  const secret = (name: string, form: RegExp, expected: string) =>
    read<string | undefined>(name, undefined, (text) => (form.test(text) ? text : undefined), expected)
  const port = read('PORT', 3000, (text) => wholeNumber(text, 0, 65_535), 'a port number from 0 to 65535')
  const config: Config = {
    databaseUrl: read<string | undefined>(
      'DATABASE_URL',
      undefined,
      postgresUrl,
      'a URL such as postgres://user:password@host:5432/foyer',
    ),
    dataDir: read('DATA_DIR', './data', (text) => text, 'a folder'),
    host: read('HOST', '0.0.0.0', (text) => text, 'an address to listen on'),
    port,
    baseUrl: read(
      'BASE_URL',
      `http://localhost:${port}`,
      httpOrigin,
      'an address such as https://tickets.example.com, without a path',
    ),
    logLevel: read(
      'LOG_LEVEL',
      'info',
      oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
      'fatal, error, warn, info, debug, trace or silent',
    ),
    rateLimit: read<number | 'off'>(
      'RATE_LIMIT',
      600,
      (text) => (text === 'off' ? 'off' : wholeNumber(text, 1, 1e9)),
      'requests a minute such as 600, or off',
    ),
    trustProxy: read('TRUST_PROXY', [], addresses, 'a comma list of addresses or networks such as 10.0.0.0/8'),
    holdMinutes: read('HOLD_MINUTES', 15, minutes, 'a number of minutes from 0.001 to 1440'),
    testPayments: read('TEST_PAYMENTS', false, (text) => ({ on: true, off: false })[text], 'on or off'),
    stripeSecretKey: secret('STRIPE_SECRET_KEY', /^[sr]k_\S+$/, 'a key such as sk_live_…'),
    stripeWebhookSecret: secret('STRIPE_WEBHOOK_SECRET', /^whsec_\S+$/, 'a secret such as whsec_…'),
    stripeApiUrl: read<string | undefined>(
      'STRIPE_API_URL',
      undefined,
      (text) => (environment.NODE_ENV === 'production' ? undefined : httpOrigin(text)),
      'left out where NODE_ENV is production, and else an address such as http://localhost:4242',
    ),
    secretKey: secret('SECRET_KEY', /^.{32,}$/, 'a random text of at least 32 characters'),
    smtpUrl: read<string | undefined>(
      'SMTP_URL',
      undefined,
      (text) => (['smtp:', 'smtps:'].includes(URL.parse(text)?.protocol ?? '') ? text : undefined),
      'a URL such as smtps://user:password@mail.example.com:465',
    ),
    mailFrom: read<string | undefined>(
      'MAIL_FROM',
      undefined,
      normalizeEmail,
      'an address such as tickets@example.com',
    ),
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'))
  return config
}

/** Says which variables are wrong; shown to the person who starts Foyer, without a stack. */
export class ConfigError extends Error {}

/** A URL may hold a password, and a secret is one: never shown. */
function shown(name: string, text: string): string {
  return /^(DATABASE|SMTP)_URL$|SECRET/.test(name) ? '(hidden)' : text
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

function minutes(text: string): number | undefined {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  return value >= 0.001 && value <= 1440 ? value : undefined
}

function postgresUrl(text: string): string | undefined {
  return ['postgres:', 'postgresql:'].includes(URL.parse(text)?.protocol ?? '') ? text : undefined
}

function httpOrigin(text: string): string | undefined {
  const url = URL.parse(text)
  const isOrigin =
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.pathname === '/' && !url.search && !url.username
  return isOrigin ? url.origin : undefined
}

function oneOf(choices: string[]): (text: string) => string | undefined {
  return (text) => choices.find((choice) => choice === text)
}

function addresses(text: string): string[] | undefined {
  const list = text.split(',').map((part) => part.trim())
  return list.every((part) => /^[0-9a-f.:]+(\/\d{1,3})?$/i.test(part)) ? list : undefined
}
