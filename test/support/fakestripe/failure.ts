import type Stripe from 'stripe'

type ErrorBody = Pick<Stripe.StripeRawError, 'code' | 'param' | 'decline_code' | 'charge'> & {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  payment_intent?: Stripe.PaymentIntent
}

/** An answer that says no, in Stripe's own shape. */
export class Failure extends Error {
  readonly status: number
  readonly body: { error: ErrorBody }
  /** Whether an idempotency key keeps it: not if the parameters were refused before anything began. */
  readonly kept: boolean

  constructor(status: number, error: ErrorBody, kept: boolean) {
    super(error.message)
    this.status = status
    this.body = { error }
    this.kept = kept
  }
}

/** 400: a parameter is wrong; nothing began and no key remembers it. `param` is its full name: `line_items[0][quantity]`. */
export function badParameter(param: string, message: string, code?: string): Failure {
  return new Failure(400, { type: 'invalid_request_error', message, param, code }, false)
}

/** 400: the thing's present state forbids the act; the key remembers this answer. */
export function badState(message: string, code?: string, param?: string): Failure {
  return new Failure(400, { type: 'invalid_request_error', message, code, param }, true)
}

/** 404: there is no such thing in this account. */
export function missing(noun: string, id: string, param = 'id'): Failure {
  const message = `No such ${noun}: '${id}'`
  return new Failure(404, { type: 'invalid_request_error', code: 'resource_missing', message, param }, true)
}

/** 402: the bank of the buyer said no; `intent` is what became of the payment. */
export function cardDeclined(intent: Stripe.PaymentIntent): Failure {
  const error = intent.last_payment_error
  const body: ErrorBody = {
    type: 'card_error',
    code: error?.code,
    decline_code: error?.decline_code,
    charge: error?.charge,
    message: error?.message ?? 'Your card was declined.',
    payment_intent: intent,
  }
  return new Failure(402, body, true)
}
