import type { World } from '../support/world.ts'

export type Json = { [key: string]: unknown }

export interface Operation {
  /** "GET /admin/customers/{id}" */
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  isRead: boolean
  /** Names of what may stand in the path and in the query. */
  parameters: string[]
  /** Schema of the request's JSON body, if there is one. */
  bodySchema: Json | undefined
  /** By status: the schema of the JSON body, or undefined where there is none. */
  responses: Map<number, Json | undefined>
  /** What a success is sent as: `application/json`, `text/csv`; undefined where it has no body. */
  mediaType: string | undefined
}

/** Every operation below `prefix` as `GET /openapi.json` lists it, with references put in place. */
export async function readOperations(world: World, prefix: string): Promise<Operation[]> {
  const document = (await world.app.inject('/openapi.json')).json<Json>()
  const paths = inlined(document, document.paths) as Record<string, Record<string, Json>> // as OpenAPI has it
  return Object.entries(paths)
    .filter(([path]) => path === prefix || path.startsWith(`${prefix}/`))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => readOperation(method.toUpperCase(), path, operation)),
    )
}

function readOperation(method: string, path: string, operation: Json): Operation {
  const responses = Object.entries(operation.responses as Record<string, Json>) // as OpenAPI has it
  return {
    name: `${method} ${path}`,
    method: method as Operation['method'], // the file lists HEAD and OPTIONS nowhere
    path,
    isRead: method === 'GET',
    parameters: ((operation.parameters ?? []) as Json[]).map((parameter) => String(parameter.name)), // as OpenAPI has it
    bodySchema: jsonSchemaOf(operation.requestBody as Json | undefined), // as OpenAPI has it
    responses: new Map(responses.map(([status, response]) => [Number(status), jsonSchemaOf(response)])),
    mediaType: Object.keys(responses.find(([status]) => status.startsWith('2'))?.[1].content ?? {})[0],
  }
}

function jsonSchemaOf(holder: Json | undefined): Json | undefined {
  const content = holder?.content as Record<string, { schema: Json }> | undefined // as OpenAPI has it
  return content?.['application/json']?.schema
}

/** The value with every reference replaced by what it stands for. */
export function inlined(document: Json, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => inlined(document, inner))
  if (typeof value !== 'object' || value === null) return value
  if ('$ref' in value) return inlined(document, resolve(document, String(value.$ref)))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inlined(document, inner)]))
}

/** What a reference such as `#/components/schemas/Money` stands for. Throws where it leads nowhere. */
export function resolve(document: Json, reference: string): unknown {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, key) => (at as Json | undefined)?.[key], document) // undefined stays so and is refused below
  if (found === undefined) throw new Error(`${reference} leads nowhere`)
  return found
}
