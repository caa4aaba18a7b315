/**
 * A Bloom filter: remembers texts by `each` marks for each, among `places`, a power of two. What was added is always known;
 * what was not is taken for known where others have left marks at all of its places. With half of the places taken it
 * holds every text for known.
 */
export class Marks {
  readonly #places: number
  readonly #each: number
  readonly #words: Uint32Array
  #taken = 0

  constructor(places: number, each: number) {
    this.#places = places
    this.#each = each
    this.#words = new Uint32Array(places / 32)
  }

  /** True if the text may have been added before; false if it was not. */
  add(text: string): boolean {
    const before = this.#taken
    const [first, step] = hashesOf(text)
    for (let n = 0; n < this.#each; n++) this.#mark((first + Math.imul(n, step)) & (this.#places - 1))
    return this.#taken === before || this.isFull
  }

  #mark(place: number): void {
    const word = this.#words[place >>> 5] ?? 0
    const bit = 1 << (place & 31)
    if ((word & bit) !== 0) return
    this.#words[place >>> 5] = word | bit
    this.#taken += 1
  }

  get isFull(): boolean {
    return this.#taken > this.#places / 2
  }
}

/** The second one is odd: as many steps as there are places lead to all of them. */
function hashesOf(text: string): [number, number] {
  let [first, second] = [0, 0x9e3779b9]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    first = Math.imul(first ^ code, 0x01000193)
    second = Math.imul(second ^ code, 0x85ebca6b)
    second ^= second >>> 15
  }
  return [first, second | 1]
}
