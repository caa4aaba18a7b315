import { randomInt } from 'node:crypto'

/** Somebody who buys in the file. */
export interface Buyer {
  /** Counts the file's buyers from 1, in the order of their first lines. */
  number: number
  /** The customer's, or the one that they get. */
  customerId: number
  isKnown: boolean
}

const emptiest = 1 << 16
const fullest = 0.625

/**
 * The file's buyers by their e-mails. Keeps 64 bits of an e-mail, not the e-mail: 30 MB for a million of
 * them. Two e-mails are taken for one once in ten million imports of a million; the key of
 * `import_customers` then ends the import, and the next one mixes the bits otherwise.
 */
export class Buyers {
  readonly #seed = randomInt(2 ** 31)
  #slots = emptiest
  #hashes = new Int32Array(2 * emptiest)
  #numbers = new Int32Array(emptiest)
  /** By number; of those who are known negative. */
  #customerIds = new Int32Array(emptiest)
  #count = 0

  find(email: string): Buyer | undefined {
    const number = this.#numbers[this.#slotOf(this.#hash(email))] ?? 0
    if (number === 0) return undefined
    const id = this.#customerIds[number] ?? 0
    return { number, customerId: Math.abs(id), isKnown: id < 0 }
  }

  /** Adds a buyer who is not here yet. */
  add(email: string, customerId: number, isKnown: boolean): void {
    const hash = this.#hash(email)
    const slot = this.#slotOf(hash)
    this.#count += 1
    this.#hashes.set(hash, 2 * slot)
    this.#numbers[slot] = this.#count
    this.#customerIds[this.#count] = isKnown ? -customerId : customerId
    if (this.#count >= this.#slots * fullest) this.#grow()
  }

  #slotOf([high, low]: [number, number]): number {
    const last = this.#slots - 1
    let slot = low & last
    while (this.#numbers[slot] !== 0 && (this.#hashes[2 * slot] !== high || this.#hashes[2 * slot + 1] !== low))
      slot = (slot + 1) & last
    return slot
  }

  /** As in MurmurHash3, twice from different beginnings. */
  #hash(email: string): [number, number] {
    let [high, low] = [this.#seed, ~this.#seed]
    for (let i = 0; i < email.length; i++) {
      const code = email.charCodeAt(i)
      high = Math.imul(high ^ code, 0x85ebca6b)
      high ^= high >>> 15
      low = Math.imul(low ^ code, 0xc2b2ae35)
      low ^= low >>> 13
    }
    return [high | 0, low | 0]
  }

  #grow(): void {
    const [hashes, numbers] = [this.#hashes, this.#numbers]
    this.#slots *= 2
    this.#hashes = new Int32Array(2 * this.#slots)
    this.#numbers = new Int32Array(this.#slots)
    for (const [slot, number] of numbers.entries()) {
      if (number === 0) continue
      const hash: [number, number] = [hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0]
      const moved = this.#slotOf(hash)
      this.#hashes.set(hash, 2 * moved)
      this.#numbers[moved] = number
    }
    const ids = new Int32Array(this.#slots * fullest + 1)
    ids.set(this.#customerIds.subarray(0, this.#count + 1))
    this.#customerIds = ids
  }
}
