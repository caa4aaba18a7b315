import assert from 'node:assert/strict'
import { test } from 'node:test'
import { namesInTables, namesOf } from './docs/names.ts'
import type { Example } from './docs/pages.ts'
import { pageNames, readExamples, readPage, writeAnswers } from './docs/pages.ts'
import { seedDocs } from './docs/seed.ts'
import { shapeOf, withoutRandom } from './docs/shape.ts'
import { differences } from './matrix/conforms.ts'
import { type Operation, readOperations } from './matrix/operations.ts'
import { type Organizer, openWorld } from './support/world.ts'

/**
 * Every command of docs/api is run, and the answer that the page shows must have the shape of the real one.
 * `node test/docs.test.ts --write` puts the real answers into the pages.
 */

const world = await openWorld({ baseUrl: 'https://tickets.example.com' })
const operations = await readOperations(world, '')
const isWriting = process.argv.includes('--write')

async function run(example: Example, club: Organizer) {
  const { method, headers, body } = example.request
  const url = new URL(example.request.url)
  const authorization = headers.authorization?.replace('your-token-here', club.writeToken)
  const response = await world.app.inject({
    method: method as 'GET', // curl's -X names any method
    url: url.pathname + url.search,
    headers: { ...headers, ...(authorization ? { authorization } : {}), host: url.host },
    ...(body === undefined ? {} : { payload: body }),
  })
  return { status: response.statusCode, headers: response.headers, text: response.body }
}

/** The operation that the request is for, as the OpenAPI file has it. */
function operationOf({ request }: Example): Operation | undefined {
  const path = new URL(request.url).pathname.replace(/\.json$/, '')
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const fitting = operations.filter(
    (operation) =>
      operation.method === method && new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  return fitting.sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0]
}

for (const page of pageNames) {
  test(`every command of ${page}.md answers what the page shows`, async () => {
    const club = await seedDocs(world)
    const answers: { status: number; text: string }[] = []
    for (const example of readExamples(page)) {
      const answer = await run(example, club)
      answers.push(answer)
      if (!isWriting) assertAsShown(example, answer)
    }
    if (isWriting) writeAnswers(page, answers)
  })
}

function assertAsShown(example: Example, answer: Awaited<ReturnType<typeof run>>): void {
  const where = `docs/api/${example.page}.md:${example.line} ${example.request.method} ${example.request.url}`
  assert.equal(answer.status, example.status, `${where}: ${answer.text}`)
  for (const [name, value] of Object.entries(example.headers))
    assert.equal(answer.headers[name], value, `${where}: ${name}`)
  if (example.answer === undefined) return
  const body: unknown = JSON.parse(answer.text)
  const shown: unknown = JSON.parse(example.answer)
  assert.deepEqual(shapeOf(shown), shapeOf(body), `${where}: run node test/docs.test.ts --write`)
  assert.deepEqual(withoutRandom(shown), withoutRandom(body), `${where}: run node test/docs.test.ts --write`)
  const schema = operationOf(example)?.responses.get(answer.status)
  if (schema) assert.deepEqual(differences(schema, body), [], where)
}

test('every operation has a command', () => {
  const shown = new Set(pageNames.flatMap(readExamples).map((example) => operationOf(example)?.name))
  assert.deepEqual(
    operations.map(({ name }) => name).filter((name) => !shown.has(name)),
    [],
  )
})

const withoutTables = ['authentication', 'lists', 'errors', 'openapi']

for (const page of pageNames.filter((name) => !withoutTables.includes(name))) {
  test(`${page}.md has a table row for every parameter and field of its operations`, () => {
    const linked = [...readPage(page).matchAll(/\]\((\w+)\.md/g)].map(([, name = '']) => name)
    const explained = new Set([page, ...linked].flatMap((name) => namesInTables(readPage(name))))
    const used = readExamples(page).flatMap((example) => namesOf(operationOf(example)))
    assert.deepEqual(
      [...new Set(used)].filter((name) => !explained.has(name)),
      [],
    )
  })
}
