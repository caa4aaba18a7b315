/**
 * The ids of tokens that were good when they were last looked up. They choose by what requests are counted, and for which
 * a route may leave the look-up to its own statement: they let nobody in.
 */
export class GoodTokens {
  readonly #ids = new Map<string, number>()
  readonly #most: number

  constructor(most = 10_000) {
    this.#most = most
  }

  find(hash: Buffer): number | undefined {
    return this.#ids.get(hash.toString('latin1'))
  }

  /** Forgets the one that was noted first where there are too many. */
  note(hash: Buffer, id: number): void {
    const [oldest] = this.#ids.size < this.#most ? [] : this.#ids.keys()
    if (oldest !== undefined) this.#ids.delete(oldest)
    this.#ids.set(hash.toString('latin1'), id)
  }
}
