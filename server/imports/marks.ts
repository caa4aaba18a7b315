/**
 * Remembers texts by a mark for each at a place of its own among `places`, a power of two: a bit of memory for each,
 * whatever the number of texts. What was added is always known; of what was not, as many are taken for known as places
 * are taken. With half of them taken it holds every text for known.
 */
export class Marks {
  readonly #places: number
  readonly #words: Uint32Array
  #count = 0

  constructor(places: number) {
    this.#places = places
    this.#words = new Uint32Array(places / 32)
  }

  /** True if the text may have been added before; false if it was not. */
  add(text: string): boolean {
    const place = hashOf(text) % this.#places
    const word = this.#words[place >>> 5] ?? 0
    const bit = 1 << (place & 31)
    if ((word & bit) !== 0) return true
    this.#words[place >>> 5] = word | bit
    this.#count += 1
    return this.isFull
  }

  get isFull(): boolean {
    return this.#count > this.#places / 2
  }
}

function hashOf(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 0x01000193) ^ text.charCodeAt(i)) >>> 0
  return hash
}
