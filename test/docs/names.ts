import type { Json, Operation } from '../matrix/operations.ts'

/** The names of the operation's parameters and of every property in its body and its successful answer. */
export function namesOf(operation: Operation | undefined): string[] {
  if (!operation) return []
  const answers = [...operation.responses].filter(([status]) => status < 300).map(([, schema]) => schema)
  return [...operation.parameters, ...[operation.bodySchema, ...answers].flatMap(propertiesOf)]
}

function propertiesOf(schema: Json | undefined): string[] {
  if (!schema) return []
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>) // as JSON schema has it
  const inner = [schema.items, ...((schema.anyOf ?? []) as Json[])].flatMap((part) =>
    propertiesOf(part as Json | undefined),
  ) // likewise
  return [...properties.flatMap(([name, property]) => [name, ...propertiesOf(property)]), ...inner]
}

/** What stands as code in the first column of the page's tables; of `total_spent.amount` each part. */
export function namesInTables(page: string): string[] {
  const cells = [...page.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell)
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => name.replaceAll('[]', '').split('.')),
  )
}
