import { badParameter } from './failure.ts'

type FormValue = string | Branch
interface Branch {
  [key: string]: FormValue
}

/** Parameters as Stripe reads them: `a[b][0][c]=1` is a tree; lists have the keys 0, 1, 2. */
export interface Form {
  /** Where this part hangs in the whole: `line_items[0]`, or empty for the whole. */
  at: string
  values: Branch
}

/** Reads a form-encoded body or query. Throws 400 for a name that is both a value and a tree. */
export function parseForm(encoded: string): Form {
  const values: Branch = {}
  for (const [name, value] of new URLSearchParams(encoded)) {
    const keys = [name.replace(/\[.*$/s, ''), ...[...name.matchAll(/\[([^\]]*)\]/g)].map(([, key]) => key ?? '')]
    plant(values, keys, value, name)
  }
  return { at: '', values }
}

function plant(tree: Branch, keys: string[], value: string, name: string): void {
  const [first = '', ...rest] = keys
  const key = first === '' ? String(Object.keys(tree).length) : first
  if (rest.length === 0) {
    if (Object.hasOwn(tree, key)) throw badParameter(name, `Invalid parameter: ${name}`)
    Object.defineProperty(tree, key, { value, enumerable: true, writable: true, configurable: true })
    return
  }
  if (!Object.hasOwn(tree, key)) Object.defineProperty(tree, key, { value: {}, enumerable: true })
  const branch = tree[key]
  if (typeof branch !== 'object') throw badParameter(name, `Invalid parameter: ${name}`)
  plant(branch, rest, value, name)
}

/** The full name of a parameter, as errors give it. */
export function nameIn(form: Form, key: string): string {
  return form.at === '' ? key : `${form.at}[${key}]`
}

/** Refuses what this double doesn't know, so that nobody relies on a parameter that it would ignore. */
export function refuseUnknown(form: Form, known: string[]): void {
  const unknown = Object.keys(form.values).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw badParameter(nameIn(form, unknown), `Received unknown parameter: ${nameIn(form, unknown)}`, 'parameter_unknown')
}

/** An empty text is as if it were not there: that is how Stripe's libraries unset things. */
export function text(form: Form, key: string, maxLength = 5000): string | undefined {
  const value = own(form, key)
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string') throw badParameter(nameIn(form, key), `Invalid string: ${JSON.stringify(value)}`)
  if (value.length <= maxLength) return value
  throw badParameter(nameIn(form, key), `Invalid string: must be at most ${maxLength} characters`)
}

export function requiredText(form: Form, key: string): string {
  return text(form, key) ?? refuseMissing(form, key)
}

/** A whole number from `least` on. */
export function integer(form: Form, key: string, least = 0): number | undefined {
  const value = text(form, key)
  if (value === undefined) return undefined
  const name = nameIn(form, key)
  if (!/^-?\d{1,15}$/.test(value)) throw badParameter(name, `Invalid integer: ${value}`, 'parameter_invalid_integer')
  if (Number(value) >= least) return Number(value)
  throw badParameter(name, `This value must be greater than or equal to ${least}.`, 'parameter_invalid_integer')
}

export function requiredInteger(form: Form, key: string, least = 0): number {
  return integer(form, key, least) ?? refuseMissing(form, key)
}

export function choice<T extends string>(form: Form, key: string, allowed: readonly T[]): T | undefined {
  const value = text(form, key)
  if (value === undefined) return undefined
  const found = allowed.find((candidate) => candidate === value)
  if (found) return found
  throw badParameter(nameIn(form, key), `Invalid ${key}: must be one of ${allowed.join(', ')}`)
}

export function flag(form: Form, key: string): boolean {
  return choice(form, key, ['true', 'false']) === 'true'
}

/** The part of the tree below `key`, if there is one. */
export function part(form: Form, key: string): Form | undefined {
  const value = own(form, key)
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') throw badParameter(nameIn(form, key), `Invalid object`)
  return { at: nameIn(form, key), values: value }
}

export function parts(form: Form, key: string): Form[] {
  const list = part(form, key)
  return Object.keys(list?.values ?? {}).flatMap((index) => (list && part(list, index)) ?? [])
}

export function texts(form: Form, key: string): string[] {
  const list = part(form, key)
  return Object.keys(list?.values ?? {}).flatMap((index) => (list && text(list, index)) ?? [])
}

/** Stripe's limits: 50 keys of 40 characters, values of 500. */
export function metadata(form: Form): Record<string, string> {
  const tree = part(form, 'metadata')
  if (!tree) return {}
  const keys = Object.keys(tree.values)
  if (keys.length > 50) throw badParameter('metadata', 'You can only set up to 50 metadata keys')
  const long = keys.find((key) => key.length > 40)
  if (long) throw badParameter('metadata', `Metadata keys can be up to 40 characters: ${long}`)
  return Object.fromEntries(keys.flatMap((key) => [[key, text(tree, key, 500)]]).filter(([, value]) => value))
}

export function refuseMissing(form: Form, key: string): never {
  const name = nameIn(form, key)
  throw badParameter(name, `Missing required param: ${name}.`, 'parameter_missing')
}

function own(form: Form, key: string): FormValue | undefined {
  return Object.hasOwn(form.values, key) ? form.values[key] : undefined
}
