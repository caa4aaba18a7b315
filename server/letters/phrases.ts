/** Everything that a mail says, in one language. Each function gets plain text and makes plain text. */
export interface Words {
  hello(name: string): string
  order(number: string): string
  yourOrder: string
  total(amount: string): string
  ticketsSubject(event: string): string
  ticketsOpening: string
  ticketsAttached: string
  refundSubject(event: string): string
  refundBody(amount: string, event: string): string
  refundKeepsTickets: string
  refundEndsTickets: string
  cancellationSubject(event: string): string
  cancellationBody(event: string): string
  cancellationMoney(amount: string): string
  moneyBackSubject(event: string): string
  moneyBackBody(amount: string, event: string, reason: string): string
  moneyBackNoticeSubject(event: string): string
  moneyBackNoticeBody(amount: string, event: string, buyer: string, reason: string): string
  linksSubject(shop: string): string
  linksOpening(shop: string): string
  notAsked: string
  bankDays: string
  /** Why a payment could not become an order: from the refusal's English. */
  reason(english: string): string
}
