/** What a payment with this number does: Stripe's public test numbers, and two of its test IBANs. */
export interface Card {
  number: string
  method: 'card' | 'sepa_debit'
  brand: string
  /** The buyer's bank asks the buyer first. */
  authenticates: boolean
  declines?: Decline
  /** For methods that take days: what comes of it later. */
  settles?: 'succeeded' | 'failed'
  dispute?: 'fraudulent' | 'product_not_received'
  refund: RefundFate
}

export interface Decline {
  code: string
  declineCode?: string
  message: string
}

/** What becomes of a refund, at once and later; `pending` waits for someone to decide it. */
export type RefundFate =
  | 'succeeded'
  | 'pending'
  | 'pending_then_succeeded'
  | 'pending_then_failed'
  | 'succeeded_then_failed'

const usual: Omit<Card, 'number'> = { method: 'card', brand: 'visa', authenticates: false, refund: 'succeeded' }
const declined = (declineCode: string, message: string, code = 'card_declined'): Decline => ({
  code,
  declineCode,
  message,
})
const generic = declined('generic_decline', 'Your card was declined.')
const noFunds = declined('insufficient_funds', 'Your card has insufficient funds.')

const special: Record<string, Partial<Card>> = {
  '4242424242424242': {},
  '4000056655665556': {},
  '5555555555554444': { brand: 'mastercard' },
  '378282246310005': { brand: 'amex' },
  '4000000000000002': { declines: generic },
  '4000000000009995': { declines: noFunds },
  '4000000000009987': { declines: declined('lost_card', 'Your card was declined.') },
  '4000000000009979': { declines: declined('stolen_card', 'Your card was declined.') },
  '4000000000000069': { declines: { code: 'expired_card', message: 'Your card has expired.' } },
  '4000000000000127': { declines: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." } },
  '4000000000000119': {
    declines: { code: 'processing_error', message: 'An error occurred while processing your card.' },
  },
  '4000002500003155': { authenticates: true },
  '4000002760003184': { authenticates: true },
  '4000008400001629': { authenticates: true, declines: generic },
  '4000008260003178': { authenticates: true, declines: noFunds },
  '4000000000000259': { dispute: 'fraudulent' },
  '4000000000002685': { dispute: 'product_not_received' },
  '4000000000007726': { refund: 'pending_then_succeeded' },
  '4000000000005126': { refund: 'succeeded_then_failed' },
  DE89370400440532013000: { method: 'sepa_debit', settles: 'succeeded' },
  DE62370400440532013001: { method: 'sepa_debit', settles: 'failed' },
}

const paymentMethods: Record<string, string> = {
  pm_card_visa: '4242424242424242',
  pm_card_mastercard: '5555555555554444',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_authenticationRequired: '4000002760003184',
  pm_card_createDispute: '4000000000000259',
  pm_card_pendingRefund: '4000000000007726',
  pm_card_refundFail: '4000000000005126',
}

/** The card or account that a buyer typed, with or without blanks; one that Stripe's list doesn't have is declined. */
export function cardOf(typed: string): Card {
  const number = typed.replace(/\s/g, '')
  const behaviour = Object.hasOwn(special, number) ? special[number] : undefined
  if (behaviour) return { ...usual, ...behaviour, number }
  const message = 'Your card was declined. Your request was in test mode, but used a non test card.'
  return { ...usual, number, declines: isCardNumber(number) ? declined('test_mode_live_card', message) : incorrect }
}

/** The number behind one of Stripe's test payment methods, such as `pm_card_visa`. */
export function numberOfPaymentMethod(id: string): string | undefined {
  return Object.hasOwn(paymentMethods, id) ? paymentMethods[id] : undefined
}

const incorrect: Decline = { code: 'incorrect_number', message: 'Your card number is incorrect.' }

/** The check digit that every card number ends in (Luhn). */
function isCardNumber(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false
  const digits = [...number].reverse().map(Number)
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
