import { shopUrl } from '../accounts/shop-address.ts'
import type { MailRow } from '../mails/queries.ts'
import { displayCode } from '../platform/codes.ts'
import type { Db } from '../platform/database.ts'
import { formatDateTime, formatMoney, oneLine } from '../platform/formats.ts'
import { type Letter, Outdated, wordsFor, writeText } from './letter.ts'
import { findShop, listOrdersOf, type ShopRow } from './queries.ts'

/** The mails that are about no order, or about many. */
export async function composeAccountLetter(db: Db, mail: MailRow, baseUrl: string): Promise<Letter> {
  const shop = await findShop(db, mail.accountId)
  if (mail.kind === 'order_links') return linksLetter(db, mail, shop, baseUrl)
  return mail.kind === 'money_back' ? moneyBackLetter(mail, shop) : moneyBackNoticeLetter(mail, shop)
}

function moneyBackLetter(mail: MailRow, shop: ShopRow): Letter {
  const words = wordsFor(mail)
  const { amount, event, reason } = moneyBackOf(mail)
  const text = writeText([words.hello(''), words.moneyBackBody(amount, event, reason), words.bankDays], shop)
  return { subject: words.moneyBackSubject(event), text, attachments: [] }
}

function moneyBackNoticeLetter(mail: MailRow, shop: ShopRow): Letter {
  const words = wordsFor(mail)
  const { amount, event, reason } = moneyBackOf(mail)
  const body = words.moneyBackNoticeBody(amount, event, mail.details.buyer ?? '', reason)
  return {
    subject: words.moneyBackNoticeSubject(event),
    text: writeText([words.hello(''), body], shop),
    attachments: [],
  }
}

function moneyBackOf({ details, locale, ...mail }: MailRow) {
  const words = wordsFor({ details, locale, ...mail })
  return {
    amount: formatMoney(BigInt(details.amountMinor ?? 0), details.currency ?? '', locale),
    event: oneLine(details.eventTitle ?? ''),
    reason: oneLine(words.reason(details.reason ?? '')),
  }
}

async function linksLetter(db: Db, mail: MailRow, shop: ShopRow, baseUrl: string): Promise<Letter> {
  const words = wordsFor(mail)
  const orders = await listOrdersOf(db, mail.accountId, mail.recipient)
  if (orders.length === 0) throw new Outdated('There are no orders of that address any more')
  const url = shopUrl(baseUrl, shop.subdomain)
  const entries = orders.map((order) =>
    [
      oneLine(order.eventTitle),
      formatDateTime({ at: order.startsAt, timeZone: order.timeZone }, mail.locale),
      words.order(displayCode(order.orderCode)),
      `${url}/orders/${order.publicId}`,
    ].join('\n'),
  )
  const name = oneLine(shop.accountName)
  const text = writeText([words.hello(''), words.linksOpening(name), ...entries, words.notAsked], shop)
  return { subject: words.linksSubject(name), text, attachments: [] }
}
