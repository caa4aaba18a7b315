import { randomFillSync } from 'node:crypto'

// Both in the order in which PostgreSQL sorts them.
const lettersAndDigits = '0123456789abcdefghijklmnopqrstuvwxyz'
// The digits and capitals without 0 and O, 1, I and L, which people take for each other: 31 symbols.
const plainSymbols = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const writtenCode = new RegExp(`^([${plainSymbols}]{4})-?([${plainSymbols}]{4})$`, 'i')

// Random bytes are fetched many at a time: a call for each code would make it several times as slow.
const pool = Buffer.alloc(16_384)
let used = pool.length
/** Letter by letter into a buffer: a string for each letter would cost more than the randomness. */
const written = Buffer.alloc(64)

/** An identifier that can't be guessed: 20 letters and digits, 103 random bits, less those of its beginning. */
export function publicId(beginning = ''): string {
  return beginning + randomText(lettersAndDigits, 20 - beginning.length)
}

/**
 * A code that people read and type, such as an order's: 8 symbols, 39 random bits. That is unguessable at a till but
 * not unique: among a million, two are the same about every second time, so a unique key must guard it and the insert
 * try again. With a beginning, it has fewer bits.
 */
export function shortCode(beginning = ''): string {
  return beginning + randomText(plainSymbols, 8 - beginning.length)
}

/** What a ticket's QR code proves with: 27 symbols, 133 random bits. */
export function ticketSecret(): string {
  return randomText(plainSymbols, 27)
}

/** A code as it is shown: `7K3Q-9D2A`. */
export function displayCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** The code that someone typed, in any case, with or without its dash, blanks around it or not; undefined if none. */
export function readCode(text: string): string | undefined {
  const [, first, second] = writtenCode.exec(text.trim()) ?? []
  return first && second && (first + second).toUpperCase()
}

/** Beginnings for `count` public ids that are written together: four random letters for all, then some that go up. */
export function publicIdBeginnings(count: number): Iterator<string, undefined> {
  return beginnings(lettersAndDigits, 4, count)
}

/** The same for short codes: a random symbol for all, then some that go up. */
export function shortCodeBeginnings(count: number): Iterator<string, undefined> {
  return beginnings(plainSymbols, 1, count)
}

/**
 * Texts that are written in their order come to lie side by side in an index, which makes writing them cheaper. At least
 * ten begin alike: whoever knows one knows no more of its neighbour than of the others.
 */
function* beginnings(alphabet: string, alike: number, count: number): Generator<string, undefined> {
  const shared = randomText(alphabet, alike)
  let rising = 0
  while (10 * alphabet.length ** (rising + 1) <= count) rising += 1
  for (let n = 0; n < count; n++) {
    let step = Math.floor((n * alphabet.length ** rising) / count)
    let text = ''
    for (let place = 0; place < rising; place++) {
      text = alphabet.charAt(step % alphabet.length) + text
      step = Math.floor(step / alphabet.length)
    }
    yield shared + text
  }
}

function randomText(alphabet: string, length: number): string {
  // The bytes above the last whole multiple are left out, or the first symbols would come more often.
  const limit = 256 - (256 % alphabet.length)
  for (let count = 0; count < length; ) {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const byte = pool[used] ?? 255
    used += 1
    if (byte >= limit) continue
    written[count] = alphabet.charCodeAt(byte % alphabet.length)
    count += 1
  }
  return written.toString('latin1', 0, length)
}
