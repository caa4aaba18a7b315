import type { Pool } from '../platform/database.ts'
import { notFound } from '../platform/refusal.ts'
import type { Account } from './account.ts'
import { findAccountBySubdomain, findOnlyAccount } from './queries.ts'

/** Where the account's shop is, without a slash at its end: the subdomain below the installation's own host. */
export function shopUrl(baseUrl: string, subdomain: string): string {
  const url = new URL(baseUrl)
  url.host = `${subdomain}.${url.host}`
  return url.origin
}

/**
 * The account whose shop answers at `host` ("club.tickets.example:3000"). An installation with exactly one account
 * serves it at any host; with several an unknown host is 404 (contract 9, hosts).
 */
export async function findShopAccount(db: Pool, baseUrl: string, host: string): Promise<Account> {
  const baseHost = new URL(baseUrl).host
  const named = host.toLowerCase()
  const subdomain = named.endsWith(`.${baseHost}`) ? named.slice(0, -baseHost.length - 1) : undefined
  const account = (subdomain && (await findAccountBySubdomain(db, subdomain))) || (await findOnlyAccount(db))
  if (!account) throw notFound()
  return account
}
