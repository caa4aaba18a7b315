/** A number from 0 to 2^32 - 1 that looks drawn by lot, and is the same for the same seed, index and purpose. */
export function draw(seed: number, index: number, purpose: number): number {
  let mixed = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b) ^ Math.imul(seed + 1, 0xc2b2ae35)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The same as a share: from 0 up to, but never, 1. */
export function drawShare(seed: number, index: number, purpose: number): number {
  return draw(seed, index, purpose) / 2 ** 32
}

/** One of the list, the same for the same seed, index and purpose. */
export function pick<const List extends readonly [unknown, ...unknown[]]>(
  list: List,
  seed: number,
  index: number,
  purpose: number,
): List[number] {
  return list[draw(seed, index, purpose) % list.length]
}

/**
 * A number from 0 to 999 that every thousand indexes in a row take exactly once each: `slot(i, 7) < 31` holds for 3.1 %,
 * to the customer. `step` shares no factor with 1000; different steps are as good as independent.
 */
export function slot(index: number, step: number): number {
  return (index * step + Math.floor(index / 1000) * 331 + step) % 1000
}
