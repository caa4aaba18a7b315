import type { Words } from './phrases.ts'

export const german: Words = {
  hello: (name) => (name ? `Guten Tag ${name},` : 'Guten Tag,'),
  order: (number) => `Bestellung ${number}`,
  yourOrder: 'Ihre Bestellung mit allen Tickets:',
  total: (amount) => `Summe: ${amount}`,
  ticketsSubject: (event) => `Ihre Tickets für ${event}`,
  ticketsOpening: 'Vielen Dank für Ihre Bestellung. Hier sind Ihre Tickets für:',
  ticketsAttached:
    'Ihre Tickets hängen als PDF an, jedes auf einer Seite, und der Termin als Kalenderdatei. Zeigen Sie den QR-Code am Einlass, auf Papier oder auf dem Telefon.',
  refundSubject: (event) => `Ihre Erstattung für ${event}`,
  refundBody: (amount, event) => `Wir haben Ihnen ${amount} Ihrer Bestellung für ${event} zurückgezahlt.`,
  refundKeepsTickets: 'Ihre Tickets bleiben gültig.',
  refundEndsTickets: 'Ihre Tickets dafür gelten nicht mehr.',
  cancellationSubject: (event) => `Ihre Bestellung für ${event} wurde storniert`,
  cancellationBody: (event) =>
    `Der Veranstalter hat Ihre Bestellung für ${event} storniert. Ihre Tickets dafür gelten nicht mehr.`,
  cancellationMoney: (amount) => `Sie bekommen ${amount} auf dem Weg zurück, auf dem Sie bezahlt haben.`,
  moneyBackSubject: (event) => `Ihre Zahlung für ${event} geht an Sie zurück`,
  moneyBackBody: (amount, event, reason) =>
    `Ihre Zahlung von ${amount} für ${event} ist bei uns angekommen, konnte aber keine Bestellung mehr werden: ${reason}. Es gibt deshalb keine Tickets, und Sie bekommen den ganzen Betrag auf dem Weg zurück, auf dem Sie bezahlt haben. Sie müssen nichts tun.`,
  moneyBackNoticeSubject: (event) => `Eine Zahlung für ${event} geht zurück`,
  moneyBackNoticeBody: (amount, event, buyer, reason) =>
    `Eine Zahlung von ${amount} für ${event} von ${buyer} konnte keine Bestellung werden: ${reason}. Sie geht von selbst zurück, und der Käufer weiß Bescheid. Sie müssen nichts tun.`,
  linksSubject: (shop) => `Ihre Bestellungen bei ${shop}`,
  linksOpening: (shop) => `Hier sind Ihre Bestellungen bei ${shop}:`,
  notAsked: 'Falls Sie diese Mail nicht angefordert haben, können Sie sie ignorieren.',
  bankDays: 'Je nach Bank dauert es einige Tage, bis Sie es sehen.',
  reason: (english) => {
    for (const [pattern, translation] of reasons)
      if (pattern.test(english)) return english.replace(pattern, translation)
    return english
  },
}

const reasons: [RegExp, string][] = [
  [/^The event is no longer on sale$/, 'die Veranstaltung ist nicht mehr im Verkauf'],
  [/^event_slug is no longer on sale$/, 'der Verkauf ist zu Ende'],
  [/^event_slug is not on sale yet$/, 'der Verkauf hat noch nicht begonnen'],
  [/^The checkout was given up$/, 'die Bestellung war abgebrochen worden'],
  [/^The order is paid already$/, 'die Bestellung war schon bezahlt'],
  [/^The total has changed since$/, 'die Summe hatte sich inzwischen geändert'],
  [/^The promo code is used up$/, 'der Gutscheincode ist aufgebraucht'],
  [/^The promo code .*$/, 'der Gutscheincode gilt für Sie nicht mehr'],
  [/^There are not enough places left$/, 'es sind nicht mehr genug Plätze da'],
  [/Only (\d+) left of ([^;]*)/g, 'von „$2“ sind nur noch $1 da'],
  [/(^|; )([^;]*) is sold out \(0 left\)/g, '$1„$2“ ist ausverkauft'],
  [/^(.*): at most (\d+) for each customer$/, '„$1“ gibt es höchstens $2-mal je Kunde'],
]
