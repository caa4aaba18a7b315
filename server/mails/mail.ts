/** What mails there are, and what each is told beside its order. Amounts are decimal strings on the wire's model. */
export interface MailDetails {
  /** To the buyer: tickets, at payment and when asked for again. */
  tickets: Record<string, never>
  /** To the buyer: so much has gone back. */
  refund: { amountMinor: string }
  /** To the buyer: the booking has ended; so much goes back. */
  cancellation: { amountMinor: string }
  /** To the buyer: money came too late to become an order, and goes back. */
  money_back: MoneyBack
  /** The same to the organiser. */
  money_back_notice: MoneyBack & { buyer: string }
  /** To a buyer who asked: the way to their orders. */
  order_links: Record<string, never>
}

type MoneyBack = {
  amountMinor: string
  currency: string
  eventTitle: string
  /** As the refusal said it, in English. */
  reason: string
}

export type MailKind = keyof MailDetails
export type OrderMailKind = 'tickets' | 'refund' | 'cancellation'
