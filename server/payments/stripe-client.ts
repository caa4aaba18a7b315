import type Stripe from 'stripe'
import { unreachable } from './provider.ts'

export interface StripeKeys {
  secretKey: string
  /** Of a local double; undefined: Stripe itself. */
  apiUrl: string | undefined
}

const clients = new Map<string, Promise<Stripe>>()

/** The SDK for these keys, one for all requests. It is big, and loaded with the first use. */
export function stripeFor({ secretKey, apiUrl }: StripeKeys): Promise<Stripe> {
  const name = `${apiUrl ?? ''} ${secretKey}`
  const client = clients.get(name) ?? openClient(secretKey, apiUrl)
  clients.set(name, client)
  return client
}

async function openClient(secretKey: string, apiUrl: string | undefined): Promise<Stripe> {
  const { default: StripeClient } = await import('stripe')
  const at = apiUrl === undefined ? undefined : new URL(apiUrl)
  const elsewhere = at && { host: at.hostname, port: at.port, protocol: at.protocol === 'https:' ? 'https' : 'http' }
  const options = { maxNetworkRetries: 2, timeout: 10_000, telemetry: false, ...elsewhere }
  return new StripeClient(secretKey, options as ConstructorParameters<typeof StripeClient>[1]) // protocol is one of its two
}

/** How a call failed, as far as we go on from it. */
export type StripeFailure =
  /** Refused for good: `code` says why, where Stripe has one. */
  | { kind: 'refused'; code: string | undefined; message: string }
  /** A 500 that Stripe keeps under the key: whatever happened, this key will never say more. */
  | { kind: 'kept_error' }
  /** Nobody knows whether it happened: ask again with the same key. */
  | { kind: 'away'; retryAfterSeconds: number | undefined }

/** Sorts out what the SDK threw; anything that is not Stripe's is thrown again. */
export function readFailure(error: unknown): StripeFailure {
  if (!(error instanceof Error) || !('rawType' in error || 'type' in error)) throw error
  const { type, statusCode, code, headers, message } = error as Error & StripeErrorFields // the SDK's class of errors
  if (!type?.startsWith('Stripe')) throw error
  const isKept = headers?.['idempotent-replayed'] === 'true'
  if ((statusCode ?? 0) >= 500) return isKept ? { kind: 'kept_error' } : { kind: 'away', retryAfterSeconds: undefined }
  const isRefused =
    type === 'StripeInvalidRequestError' || type === 'StripeCardError' || type === 'StripeIdempotencyError'
  if (isRefused && statusCode !== 409 && statusCode !== 429) return { kind: 'refused', code, message }
  const retryAfter = Number(headers?.['retry-after'])
  return { kind: 'away', retryAfterSeconds: retryAfter > 0 ? Math.ceil(retryAfter) : undefined }
}

interface StripeErrorFields {
  type?: string
  statusCode?: number
  code?: string
  headers?: Record<string, string>
}

/** Runs a call that has no key of its own; 503 where Stripe is away, undefined where it refuses. */
export async function askStripe<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    const failure = readFailure(error)
    if (failure.kind === 'refused') return undefined
    throw unreachable(failure.kind === 'away' ? failure.retryAfterSeconds : undefined)
  }
}
