import type { FastifyPluginAsync } from 'fastify'
import { applyPromoCode } from '../checkout/apply-promo-code.ts'
import { type PaymentChoice, payCheckout } from '../checkout/pay-checkout.ts'
import { reconcileCheckout } from '../checkout/reconcile-payment.ts'
import type { Deps } from '../config.ts'
import { isUnreachable } from '../payments/provider.ts'
import { listProviders } from '../payments/providers.ts'
import { transaction } from '../platform/database.ts'
import { Refusal } from '../platform/refusal.ts'
import { answerPage } from './answer-page.ts'
import { type CheckoutVisit, openCheckoutVisit, viewPayment } from './checkout-view.ts'
import { explain } from './explain.ts'
import { textOf } from './forms.ts'
import type { Problems } from './pages/fields.ts'
import { leavingPage, paymentPage } from './pages/payment-page.ts'
import { checkoutLink } from './visit.ts'

const constraints = { representation: 'html' }
type Params = { Params: { public_id: string } }

/** The payment: asked for by the form, and looked at again on the way back. A second post does nothing more. */
export const paymentPageRoutes: FastifyPluginAsync<Deps> = async (app, deps) => {
  app.post<Params>('/checkouts/:public_id/pay', { constraints }, async (request, reply) => {
    const opened = await openCheckoutVisit(deps, request, request.params.public_id)
    const { visit, checkout } = opened
    const here = checkoutLink(visit, checkout.publicId)
    if (checkout.buyer === null) return reply.redirect(checkoutLink(visit, checkout.publicId, '/details'), 303)
    try {
      const choice = await choose(deps, opened, textOf(request, 'provider'), textOf(request, 'outcome'))
      const result = await payCheckout(deps.db, visit.account, checkout.publicId, choice, deps.clock)
      if (result.status === 'requires_action') return answerPage(reply, visit, leavingPage(visit, result.redirectUrl))
      if (result.status === 'paid') await reconcileIfReachable(deps, opened)
      return reply.redirect(here, 303)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const view = await viewPayment(deps, opened)
      // That money went back stands on the page itself.
      const problems: Problems = view.returned === undefined ? { '': explain(error, visit.words) } : {}
      return answerPage(reply, { ...visit, url: here }, paymentPage(visit, view, problems), { status: error.status })
    }
  })

  app.post<Params>('/checkouts/:public_id/promo-code', { constraints }, async (request, reply) => {
    const opened = await openCheckoutVisit(deps, request, request.params.public_id)
    const { visit, checkout } = opened
    const typed = textOf(request, 'promo_code')
    await transaction(deps.db, (tx) => applyPromoCode(tx, visit.account.id, checkout.publicId, typed, deps.clock()))
    // A page that was opened for another total must take no money.
    await reconcileIfReachable(deps, opened)
    return reply.redirect(checkoutLink(visit, checkout.publicId), 303)
  })

  app.get<Params>('/checkouts/:public_id/return', { constraints }, async (request, reply) => {
    const opened = await openCheckoutVisit(deps, request, request.params.public_id)
    await reconcileIfReachable(deps, opened)
    return reply.redirect(checkoutLink(opened.visit, opened.checkout.publicId), 303)
  })
}

async function choose(
  { db, config }: Deps,
  { visit }: CheckoutVisit,
  providerName: string,
  outcome: string,
): Promise<PaymentChoice> {
  const { account, shopUrl } = visit
  const providers = await listProviders(db, account.id, config)
  return {
    providerName,
    options: outcome === '' ? {} : { outcome },
    providersFor: (totalMinor) => providers.filter((provider) => provider.takes(totalMinor, account.currency)),
    holdMinutes: account.holdMinutes ?? config.holdMinutes,
    shopUrl,
  }
}

/** What can't be asked now is asked by the reconciler. */
async function reconcileIfReachable(deps: Deps, { visit, checkout }: CheckoutVisit): Promise<void> {
  try {
    await reconcileCheckout(deps, visit.account, checkout.publicId)
  } catch (error) {
    if (!isUnreachable(error)) throw error
  }
}
