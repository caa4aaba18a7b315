import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { findConsentVersion } from '../accounts/consent-queries.ts'
import { keepConsentText } from '../accounts/keep-consent-text.ts'
import { abandonCheckout, changeCheckout, type ShownConsent } from '../checkout/change-checkout.ts'
import type { Deps } from '../config.ts'
import { normalizeEmail } from '../platform/email-address.ts'
import { answerPage } from './answer-page.ts'
import { type CheckoutVisit, openCheckoutVisit, viewCheckout, viewPayment } from './checkout-view.ts'
import { textOf } from './forms.ts'
import { detailLimits, detailsPage, type TypedDetails } from './pages/details-page.ts'
import type { Problems } from './pages/fields.ts'
import { paymentPage, waitingPage } from './pages/payment-page.ts'
import { checkoutLink, link, orderLink, type Visit } from './visit.ts'

const constraints = { representation: 'html' }
type Params = { Params: { public_id: string } }

/** From the chosen tickets to the buyer's details, and where the buyer stands in between. */
export const checkoutPageRoutes: FastifyPluginAsync<Deps> = async (app, deps) => {
  const { db, clock } = deps
  const open = (request: FastifyRequest<Params>) => openCheckoutVisit(deps, request, request.params.public_id)

  app.get<Params>('/checkouts/:public_id', { constraints }, async (request, reply) => {
    const opened = await open(request)
    const { visit, checkout } = opened
    if (checkout.orderPublicId) return toOrder(reply, visit, checkout.orderPublicId)
    if (checkout.buyer === null) return reply.redirect(checkoutLink(visit, checkout.publicId, '/details'), 303)
    const view = await viewPayment(deps, opened)
    return answerPage(reply, visit, view.isPending ? waitingPage(visit, view) : paymentPage(visit, view))
  })

  app.get<Params>('/checkouts/:public_id/details', { constraints }, async (request, reply) => {
    const opened = await open(request)
    const { visit, checkout } = opened
    if (checkout.orderPublicId) return toOrder(reply, visit, checkout.orderPublicId)
    const { email = '', name, company } = checkout.buyer ?? {}
    const typed = { email, name: name ?? '', company: company ?? '', marketing: checkout.marketingConsent }
    return answerDetails(deps, reply, opened, typed)
  })

  app.post<Params>('/checkouts/:public_id/details', { constraints }, async (request, reply) => {
    const opened = await open(request)
    const { visit, checkout } = opened
    if (checkout.orderPublicId) return toOrder(reply, visit, checkout.orderPublicId)
    const typed = readDetails(request)
    const consent = await readConsent(visit, typed, textOf(request, 'consent_text'))
    const problems = {
      ...findProblems(typed, visit),
      ...(consent === 'changed' ? { marketing: visit.words.consentChanged } : {}),
    }
    if (consent === 'changed' || Object.keys(problems).length > 0) {
      return answerDetails(
        deps,
        reply,
        opened,
        { ...typed, marketing: consent !== 'changed' && typed.marketing },
        problems,
      )
    }
    const { email, name, company, marketing } = typed
    const input = { buyer: { email, name, company }, marketing_consent: marketing, locale: visit.locale }
    await changeCheckout(db, visit.account.id, checkout.publicId, input, consent)
    return reply.redirect(checkoutLink(visit, checkout.publicId), 303)
  })

  app.post<Params>('/checkouts/:public_id/cancellation', { constraints }, async (request, reply) => {
    const { visit, checkout } = await open(request)
    await abandonCheckout(db, visit.account.id, checkout.publicId)
    return reply.redirect(link(visit, `/events/${checkout.eventSlug}`), 303)
  })

  async function readConsent(
    visit: Visit,
    { marketing }: TypedDetails,
    shownText: string,
  ): Promise<ShownConsent | 'changed' | undefined> {
    if (!marketing) return undefined
    const { account, locale } = visit
    // Browsers send line breaks of their own.
    const text = shownText.replaceAll('\r\n', '\n')
    const isKnown =
      text === consentTextOf(visit) || (await findConsentVersion(db, account.id, locale, text)) !== undefined
    if (!isKnown) return 'changed'
    return { locale, version: await keepConsentText(db, account.id, locale, text, clock()) }
  }
}

function toOrder(reply: FastifyReply, visit: Visit, publicId: string): FastifyReply {
  return reply.redirect(orderLink(visit, publicId, '', { done: 'paid' }), 303)
}

async function answerDetails(
  deps: Deps,
  reply: FastifyReply,
  opened: CheckoutVisit,
  typed: TypedDetails,
  problems: Problems = {},
): Promise<FastifyReply> {
  const { visit, checkout } = opened
  const here = { ...visit, url: checkoutLink(visit, checkout.publicId, '/details') }
  const page = detailsPage(here, await viewCheckout(deps, opened), typed, consentTextOf(visit), problems)
  const status = Object.keys(problems).length > 0 ? 422 : 200
  return answerPage(reply, here, page, { status, frameOrigins: visit.settings.frameOrigins })
}

/** The account's wording in this language, or the shop's own. */
function consentTextOf({ settings, locale, words }: Visit): string {
  return settings.consentText[locale] ?? words.consentDefault(settings.name)
}

function readDetails(request: FastifyRequest): TypedDetails {
  return {
    email: textOf(request, 'email'),
    name: textOf(request, 'name'),
    company: textOf(request, 'company'),
    marketing: textOf(request, 'marketing') !== '',
  }
}

function findProblems(typed: TypedDetails, { words }: Visit): Problems {
  const problems: Problems = {}
  for (const field of ['email', 'name', 'company'] as const) {
    const text = typed[field].trim()
    if (text === '' && field !== 'company') problems[field] = words.errorBlank
    else if (text.length > detailLimits[field]) problems[field] = words.errorTooLong(detailLimits[field])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    else if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) problems[field] = words.errorInvalid
    else if (field === 'email' && !normalizeEmail(text)) problems[field] = words.errorEmail
  }
  return problems
}
