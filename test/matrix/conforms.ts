import { Compile } from 'typebox/schema'
import type { Json } from './operations.ts'

/**
 * What keeps the value from being just what the schema says, a line each: a wrong type, a missing property, or one
 * that the schema doesn't name. Empty where it conforms. References must be in place already.
 */
export function differences(schema: Json, value: unknown): string[] {
  const validator = Compile(closed(schema) as Json) // a closed object schema is one again
  const [, errors] = validator.Errors(value)
  return errors.map((error) => `${error.instancePath || '/'} ${error.message}: ${JSON.stringify(error.params)}`)
}

/** The schema with no room for properties that it doesn't name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, closed(inner)]))
  const isObject = copy.type === 'object' && !('additionalProperties' in copy)
  return isObject ? { ...copy, additionalProperties: false } : copy
}
