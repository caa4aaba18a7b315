import type { Belongings } from './belongings.ts'
import type { Json, Operation } from './operations.ts'

/** A body that the operation accepts: everything that it requires, and for a change one thing that changes nothing much. */
export function sampleBody(operation: Operation, things: Belongings): Json | undefined {
  const schema = operation.bodySchema
  if (!schema) return undefined
  const properties = schema.properties as Record<string, Json> // bodies are objects
  const required = (schema.required as string[] | undefined) ?? Object.keys(properties).slice(0, 1)
  return Object.fromEntries(required.map((name) => [name, sampleOf(name, properties[name] ?? {}, things)]))
}

function sampleOf(name: string, schema: Json, things: Belongings): unknown {
  if (name === 'venue_id') return things.venueId
  if (name === 'price' || name.endsWith('amount')) return '15.00'
  if (name.endsWith('_at')) return name.startsWith('ends') ? '2031-01-01T23:00:00Z' : '2031-01-01T20:00:00Z'
  if (name.endsWith('url')) return 'https://example.com/hook'
  if (Array.isArray(schema.enum)) return schema.enum[0]
  switch ([schema.type].flat()[0]) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'array':
      return (schema.minItems as number | undefined) ? [sampleOf(name, schema.items as Json, things)] : [] // as JSON schema has it
    case 'object':
      return {}
    default:
      return 'Sample'
  }
}
