/** What a client relies on in an answer: keys in their order, and the type of each value; not the values. */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object') return typeof value
  return Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)])
}

const random = ['public_id', 'order_code', 'display_number']

/** The value with a dot for each thing that is drawn by lot: all the rest is the same in every run. */
export function withoutRandom(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRandom)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, random.includes(key) ? '.' : withoutRandom(inner)]),
  )
}
