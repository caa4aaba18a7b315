import assert from 'node:assert/strict'

/** A JSON kind, with ? where null may stand; an object of kinds by key; or a list of one kind. */
export type Kind =
  | 'string'
  | 'string?'
  | 'integer'
  | 'integer?'
  | 'number'
  | 'number?'
  | 'boolean'
  | readonly [Kind]
  | { readonly [key: string]: Kind }

/** Fails where a client that insists on kinds would reject the whole answer. Every key must be there; others may be too. */
export function decode(kind: Kind, value: unknown, path = 'body'): void {
  if (typeof kind === 'string') {
    assertKind(kind, value, path)
    return
  }
  if (Array.isArray(kind)) {
    assert.ok(Array.isArray(value), `${path} is no list`)
    for (const [index, inner] of value.entries()) decode(kind[0], inner, `${path}[${index}]`)
    return
  }
  assert.ok(
    typeof value === 'object' && value !== null && !Array.isArray(value),
    `${path} is no object: ${JSON.stringify(value)}`,
  )
  for (const [key, inner] of Object.entries(kind)) {
    assert.ok(key in value, `${path}.${key} is missing`)
    decode(inner, (value as Record<string, unknown>)[key], `${path}.${key}`) // an object, as was just asserted
  }
}

function assertKind(kind: string, value: unknown, path: string): void {
  if (value === null && kind.endsWith('?')) return
  const wanted = kind.replace('?', '')
  const found = Number.isInteger(value) && wanted === 'integer' ? 'integer' : typeof value
  assert.equal(found, wanted, `${path} is ${JSON.stringify(value)}`)
}
