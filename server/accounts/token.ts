import { hash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const prefix = 'foyer_'
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretLength = 43
const checksumLength = 6

/** A new API token: `foyer_`, 256 random bits in letters and digits, and six more that are their checksum. */
export function newToken(): string {
  const secret = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), secretLength)
  return prefix + secret + checksumOf(secret)
}

/** False for what can't be a token of ours (mistyped, cut off): no need to ask the database. */
export function looksLikeToken(text: string): boolean {
  if (!text.startsWith(prefix) || text.length !== prefix.length + secretLength + checksumLength) return false
  const secret = text.slice(prefix.length, -checksumLength)
  return checksumOf(secret) === text.slice(-checksumLength)
}

/** What the database keeps of a token. A plain SHA-256 is enough: the token itself is 256 random bits. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

function checksumOf(secret: string): string {
  return base62(BigInt(crc32(secret)), checksumLength)
}

function base62(value: bigint, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text
  return text
}
