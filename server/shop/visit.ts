import type { FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account.ts'
import { findSettings, type SettingsRow } from '../accounts/queries.ts'
import { findShopAccount, shopUrl } from '../accounts/shop-address.ts'
import { attributionKeys } from '../checkout/schema.ts'
import type { Config } from '../config.ts'
import type { Pool } from '../platform/database.ts'
import type { Locale } from '../platform/formats.ts'
import type { Words } from './words/en.ts'
import { isLocale, preferredLocale, wordsOf } from './words/words.ts'

/** Who looks at a page, in whose shop, and in which language. */
export interface Visit {
  account: Account
  settings: SettingsRow
  locale: Locale
  words: Words
  /** The shop's address, without a slash at its end. */
  shopUrl: string
  /** The path and query that were asked for. */
  url: string
  /** What of the query goes along from page to page: the chosen language, where the visitor came from, a promo code. */
  carried: Record<string, string>
}

const carriedKeys = ['lang', ...attributionKeys, 'promo']

/** Throws 404 where no shop is at the request's host. */
export async function openVisit(db: Pool, config: Config, request: FastifyRequest): Promise<Visit> {
  const account = await findShopAccount(db, config.baseUrl, request.host)
  const settings = await findSettings(db, account.id)
  const query = request.query as Record<string, unknown> // what parseQueryString made
  const carried = carriedKeys.flatMap((key) => {
    const value = query[key]
    return typeof value === 'string' && value !== '' ? [[key, value.slice(0, 255)]] : []
  })
  const visit = {
    account,
    settings,
    shopUrl: shopUrl(config.baseUrl, account.subdomain),
    url: request.originalUrl,
    carried: Object.fromEntries(carried),
  }
  const chosen = isLocale(query.lang) ? query.lang : undefined
  return inLocale(visit, chosen ?? preferredLocale(request.headers['accept-language']) ?? account.locale)
}

/** The visit in the language of the checkout or order that it is about, unless the visitor has chosen another. */
export function inLocaleOf(visit: Visit, locale: Locale): Visit {
  return isLocale(visit.carried.lang) ? visit : inLocale(visit, locale)
}

/** The path with what goes along, and `extra`. */
export function link({ carried }: Visit, path: string, extra: Record<string, string> = {}): string {
  const query = new URLSearchParams({ ...carried, ...extra }).toString()
  return query === '' ? path : `${path}?${query}`
}

function inLocale(visit: Omit<Visit, 'locale' | 'words'>, locale: Locale): Visit {
  return { ...visit, locale, words: wordsOf[locale] }
}

/** A page of one checkout: its language goes along, and nothing else needs to. */
export function checkoutLink(visit: Visit, publicId: string, page = ''): string {
  return link(onlyLanguage(visit), `/checkouts/${publicId}${page}`)
}

export function orderLink(visit: Visit, publicId: string, page = '', extra: Record<string, string> = {}): string {
  return link(onlyLanguage(visit), `/orders/${publicId}${page}`, extra)
}

function onlyLanguage(visit: Visit): Visit {
  const { lang } = visit.carried
  return { ...visit, carried: lang === undefined ? {} : { lang } }
}
