import type { Words } from './phrases.ts'

export const english: Words = {
  hello: (name) => (name ? `Hello ${name},` : 'Hello,'),
  order: (number) => `Order ${number}`,
  yourOrder: 'Your order with all tickets:',
  total: (amount) => `Total: ${amount}`,
  ticketsSubject: (event) => `Your tickets for ${event}`,
  ticketsOpening: 'Thank you for your order. Here are your tickets for:',
  ticketsAttached:
    'Your tickets are attached as a PDF, one page each, and the date as a calendar file. Show the QR code at the door, on paper or on your phone.',
  refundSubject: (event) => `Your refund for ${event}`,
  refundBody: (amount, event) => `We have given you back ${amount} of your order for ${event}.`,
  refundKeepsTickets: 'Your tickets stay valid.',
  refundEndsTickets: 'Your tickets for it are no longer valid.',
  cancellationSubject: (event) => `Your order for ${event} was cancelled`,
  cancellationBody: (event) =>
    `The organiser has cancelled your order for ${event}. Your tickets for it are no longer valid.`,
  cancellationMoney: (amount) => `You get ${amount} back the way you paid.`,
  moneyBackSubject: (event) => `Your payment for ${event} goes back to you`,
  moneyBackBody: (amount, event, reason) =>
    `Your payment of ${amount} for ${event} reached us, but it could not become an order: ${reason}. So there are no tickets, and we are giving you the whole amount back the way you paid. You need not do anything.`,
  moneyBackNoticeSubject: (event) => `A payment for ${event} goes back`,
  moneyBackNoticeBody: (amount, event, buyer, reason) =>
    `A payment of ${amount} for ${event} by ${buyer} could not become an order: ${reason}. It goes back by itself, and the buyer was told. You need not do anything.`,
  linksSubject: (shop) => `Your orders at ${shop}`,
  linksOpening: (shop) => `Here are your orders at ${shop}:`,
  notAsked: 'If you did not ask for this mail, you can ignore it.',
  bankDays: 'Depending on your bank it takes a few days until you see it.',
  reason: (english) => english.replace(/^event_slug /, 'the event ').replaceAll(' (0 left)', ''),
}
