import { encode } from 'uqr'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What a ticket's QR code says: its secret as base32 (RFC 4648, no padding), which a code packs closely. */
export function ticketToken(secret: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of secret) {
    value = ((value << 8) | byte) & 0xfff
    bits += 8
    for (; bits >= 5; bits -= 5) text += letters.charAt((value >> (bits - 5)) & 31)
  }
  return bits === 0 ? text : text + letters.charAt((value << (5 - bits)) & 31)
}

/** The secret that a QR code said; undefined for what is no such text. */
export function readTicketToken(text: string): Buffer | undefined {
  if (!/^[A-Z2-7]{26,64}$/.test(text)) return undefined
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = ((value << 5) | letters.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 255)
  }
  return Buffer.from(bytes)
}

/** Rows of dark (true) and light modules, without the quiet zone: 25 by 25 for a ticket (version 2). */
export function qrModules(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: 0, maxVersion: 6 }).data
}
