import type { Bank, SessionRecord } from './bank.ts'
import { authenticatePage, closedPage, payPage } from './pay-page-html.ts'
import { answerAuthentication, type PayOutcome, payOnPage, wayBack } from './session-payments.ts'
import { advance, findSession, type World } from './world.ts'

export type Page = { status: number; html: string } | { redirectTo: string }

/**
 * The page that Stripe hosts: a form with a card's number that works without scripts, and the page on which the buyer's
 * bank asks. Undefined where the address is none of them.
 */
export function showPage(world: World, method: string, path: string, body: string): Page | undefined {
  const [, id = '', step] = /^\/c\/pay\/(\w+)(\/authenticate)?$/.exec(path) ?? []
  const found = id === '' ? undefined : findSession(world, id)
  if (!found) return undefined
  advance(world, 0)
  // Time may have ended the session a moment ago.
  const record = found.bank.sessions.get(id) ?? found.record
  const { status } = record.session
  if (status !== 'open') return show(410, closedPage(record.session))
  if (method === 'GET') return show(200, step ? authenticatePage(record) : payPage(record))
  const fields = new URLSearchParams(body)
  return step ? authenticated(found.bank, record, fields) : submitted(found.bank, record, fields)
}

function submitted(bank: Bank, record: SessionRecord, fields: URLSearchParams): Page {
  if (fields.get('action') === 'cancel') return { redirectTo: wayBack(record.session, record.session.cancel_url) }
  const buyer = { email: fields.get('email') || undefined, name: fields.get('name') || undefined }
  return next(bank, record, payOnPage(bank, record, fields.get('card_number') ?? '', buyer))
}

function authenticated(bank: Bank, record: SessionRecord, fields: URLSearchParams): Page {
  return next(bank, record, answerAuthentication(bank, record, fields.get('action') === 'complete'))
}

function next(bank: Bank, record: SessionRecord, outcome: PayOutcome): Page {
  const now = bank.sessions.get(record.id) ?? record
  if (outcome.outcome === 'complete') return { redirectTo: outcome.redirectUrl }
  if (outcome.outcome === 'requires_action') return { redirectTo: outcome.authenticationUrl }
  if (outcome.outcome === 'declined') return show(402, payPage(now, outcome.message))
  return show(410, closedPage(now.session))
}

function show(status: number, html: string): Page {
  return { status, html }
}
