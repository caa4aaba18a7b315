import type { Locale } from '../platform/formats.ts'

interface TicketWords {
  ticket: string
  order: string
  doorsOpen(time: string): string
  until(time: string): string
  showCode: string
}

export const ticketWords: Record<Locale, TicketWords> = {
  en: {
    ticket: 'Ticket',
    order: 'Order',
    doorsOpen: (time) => `Doors open at ${time}`,
    until: (time) => `until ${time}`,
    showCode: 'Show the QR code at the door. Show it to nobody else: whoever has it, has your place.',
  },
  de: {
    ticket: 'Ticket',
    order: 'Bestellung',
    doorsOpen: (time) => `Einlass ab ${time}`,
    until: (time) => `bis ${time}`,
    showCode: 'Zeigen Sie den QR-Code am Einlass, und sonst niemandem: Wer ihn hat, hat Ihren Platz.',
  },
}
