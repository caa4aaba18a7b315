import { encode } from 'uqr'

/** What a ticket is found by, and what proves that somebody holds it. */
export interface TicketProof {
  checkInCode: string
  secret: string
}

/** What a ticket's QR code says: its check-in code and its secret, in letters that a code packs closely. */
export function ticketToken({ checkInCode, secret }: TicketProof): string {
  return checkInCode + secret
}

/** What a QR code said; undefined for what is no such text. */
export function readTicketToken(text: string): TicketProof | undefined {
  const [, checkInCode, secret] = /^([0-9A-Z]{8})([0-9A-Z]{27,64})$/.exec(text) ?? []
  return checkInCode && secret ? { checkInCode, secret } : undefined
}

/** Rows of dark (true) and light modules, without the quiet zone: 25 by 25 for a ticket (version 2). */
export function qrModules(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: 0, maxVersion: 6 }).data
}
