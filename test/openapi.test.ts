import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Json, resolve } from './matrix/operations.ts'
import { openWorld } from './support/world.ts'
import { openapiFile, openapiText } from './support/write-openapi.ts'

const world = await openWorld()
const document = JSON.parse(await openapiText()) as Json
const paths = document.paths as Record<string, Record<string, Json>> // as OpenAPI has it
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)
const pages = [
  '/imprint',
  '/lost-tickets',
  '/orders/{public_id}',
  '/orders/{public_id}/attendees',
  '/orders/{public_id}/consent-withdrawal',
  '/orders/{public_id}/tickets-mail',
]
const checkoutPages = ['cancellation', 'details', 'pay', 'promo-code', 'return'].map(
  (page) => `/checkouts/{public_id}/${page}`,
)
const files = ['/assets/{name}', '/robots.txt', '/sitemap.xml', '/widget.js']
const hidden = [
  '/',
  '/openapi',
  '/dev/mail',
  '/dev/mail/{id}',
  '/dev/mail/{id}/files/{name}',
  '/dev/mail/{id}/message',
  '/webhooks/stripe',
  '/webhooks/stripe/{subdomain}',
  ...pages,
  ...checkoutPages,
  ...files,
]

/** Every object and list in the document. */
function* nodes(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Json // an object, as was just seen
  for (const inner of Object.values(value)) yield* nodes(inner)
}

/** The paths of every route that the app answers, in OpenAPI's spelling. */
function routedPaths(): string[] {
  const found: string[] = []
  const above: string[] = []
  for (const line of world.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', segment = ''] = /^([│ ]*)[└├]── (\S*)/.exec(line) ?? []
    if (segment === '') continue
    above.length = indent.length / 4
    above.push(segment)
    if (/\([A-Z, -]+\)/.test(line)) found.push(above.join('').replace(/:(\w+)/g, '{$1}'))
  }
  return [...new Set(found)].filter((path) => !path.includes('*')).sort()
}

test('docs/api/openapi.json is what the routes say: run npm run api', async () => {
  assert.equal(readFileSync(openapiFile, 'utf8'), await openapiText())
})

test('the running server serves the file, with its own address', async () => {
  const answer = await world.app.inject('/openapi.json')
  assert.deepEqual(answer.json(), { ...document, servers: [{ url: 'http://foyer.test' }] })
})

test('it is OpenAPI 3.1 with a title, a version, and a server', () => {
  assert.match(String(document.openapi), /^3\.1\.\d$/)
  const { title, version } = document.info as Json // as OpenAPI has it
  assert.ok(title && version)
  assert.deepEqual(document.servers, [{ url: 'http://localhost:3000' }])
})

test('every route is in the file, and everything in the file is a route', async () => {
  assert.deepEqual(
    routedPaths().filter((path) => !hidden.includes(path)),
    Object.keys(paths).sort(),
  )
  for (const path of Object.keys(paths)) {
    const url = path.replaceAll(/\{\w+\}/g, '1')
    const unused = ['PUT', 'DELETE', 'POST'].find((method) => !paths[path]?.[method.toLowerCase()])
    const who = await organizer
    const headers = { authorization: `Bearer ${who.writeToken}`, host: `${who.subdomain}.foyer.test` }
    const { headers: answered } = await world.app.inject({ method: unused as 'PUT', url, headers }) // one of three
    const listed = Object.keys(paths[path] ?? {}).map((method) => method.toUpperCase())
    const allow = [...listed, ...(listed.includes('GET') ? ['HEAD'] : [])].sort().join(', ')
    assert.equal(String(answered.allow).replace(', OPTIONS', ''), allow, path)
  }
})

const organizer = world.organizer()

test('every reference leads somewhere, and every shape is referred to', () => {
  const references = [...nodes(document)].flatMap((node) => (typeof node.$ref === 'string' ? [node.$ref] : []))
  assert.ok(references.length > 50)
  for (const reference of references) assert.ok(resolve(document, reference), reference)
  const { schemas } = document.components as { schemas: Json } // as OpenAPI has it
  const unused = Object.keys(schemas).filter((name) => !references.includes(`#/components/schemas/${name}`))
  assert.deepEqual(unused, [])
})

test('every path parameter is declared once, and no other', () => {
  for (const { path, method, operation } of operations) {
    const declared = ((operation.parameters ?? []) as Json[]).filter((parameter) => parameter.in === 'path') // as OpenAPI has it
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    assert.deepEqual(
      declared.map((parameter) => parameter.name),
      inPath,
      `${method} ${path}`,
    )
    for (const parameter of declared) assert.equal(parameter.required, true)
  }
})

test('no operation declares a parameter twice, and each has a schema', () => {
  for (const { path, method, operation } of operations) {
    const parameters = (operation.parameters ?? []) as Json[] // as OpenAPI has it
    const names = parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
    assert.equal(new Set(names).size, names.length, `${method} ${path}`)
    for (const { name, schema } of parameters) assert.ok(schema, `${method} ${path} ${name}`)
  }
})

test('schemas are JSON Schema: known types, required properties that exist, no empty choice', () => {
  const types = ['string', 'integer', 'number', 'boolean', 'object', 'array', 'null']
  for (const node of nodes({ paths, components: document.components })) {
    if (typeof node.type === 'string' && 'properties' in node) {
      for (const name of (node.required ?? []) as string[])
        assert.ok(name in (node.properties as Json), `required ${name}`)
    }
    const isSchema = ['properties', 'items', 'enum', 'format', 'minimum'].some((key) => key in node) && 'type' in node
    if (isSchema) for (const type of [node.type].flat()) assert.ok(types.includes(String(type)), JSON.stringify(node))
    if (Array.isArray(node.enum)) assert.ok(node.enum.length > 0)
  }
})

test('operation ids, where there are any, are unique', () => {
  const ids = operations.flatMap(({ operation }) =>
    operation.operationId === undefined ? [] : [operation.operationId],
  )
  assert.equal(new Set(ids).size, ids.length)
})

for (const { path, method, operation } of operations) {
  test(`${method} ${path} lists every status that it may answer`, () => {
    const responses = operation.responses as Record<string, Json> // as OpenAPI has it
    const listed = Object.keys(responses)
    const isAdmin = path.startsWith('/admin')
    const isProbe = path === '/healthz' || path === '/readyz'
    const expected = [
      '422',
      '500',
      '503',
      ...(isProbe ? [] : ['429']),
      ...(isAdmin ? ['401'] : []),
      ...(path.includes('{') || (!isAdmin && !isProbe) ? ['404'] : []),
      ...(method === 'GET' ? [] : ['400', '413', '415']),
    ]
    assert.deepEqual(
      expected.filter((status) => !listed.includes(status)),
      [],
      'missing',
    )
    assert.equal(listed.filter((status) => status.startsWith('2')).length, 1, 'one success')
    assert.equal(
      isAdmin,
      Array.isArray(operation.security) && operation.security.length > 0,
      'a token is named where one is needed',
    )
    for (const [status, response] of Object.entries(responses)) {
      assert.equal(typeof response.description, 'string', status)
      if (status === '204' || status === '304') assert.equal(response.content, undefined, `${status} has no body`)
    }
    if (operation.requestBody) assert.ok((operation.requestBody as Json).content)
  })
}
