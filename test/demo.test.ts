import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = new URL('..', import.meta.url).pathname
const dataDir = await mkdtemp(join(tmpdir(), 'foyer-demo-'))
const environment = { ...process.env, DATA_DIR: dataDir, PORT: '0', DATABASE_URL: '' }
let demo: ChildProcess | undefined

after(async () => {
  await stopDemo()
  await rm(dataDir, { recursive: true, force: true })
})

/** The shapes that the product's page on customers shows, key by key, in its order. */
const money = { amount: 'string', currency: 'string' }
const customerShape = {
  id: 'number',
  email: 'string',
  name: 'string',
  company: 'null',
  total_spent: money,
  marketing_consent: 'boolean',
  marketing_consent_at: 'string',
  created_at: 'string',
}
const orderShape = {
  public_id: 'string',
  status: 'string',
  customer_name: 'string',
  customer_email: 'string',
  total: money,
  payment_provider: 'string',
  paid_at: 'string',
  created_at: 'string',
  item_count: 'number',
}

test('the printed curls answer in the documented shapes, with what was bought in the shop and refunded by import', async () => {
  const output = await startDemo()
  const [list, detail] = curlsOf(output)
  const shop = /http:\/\/localhost:\d+/.exec(output)?.[0] ?? ''
  const first = await buy(shop, 'Ada@Example.org', true)
  const second = await buy(shop, ' ada@example.ORG ', false)
  const refunded = await importRefunded('ada@example.org')

  const listed = JSON.parse(await paste(list))
  const customer = listed.customers.find((one: { email: string }) => one.email === 'ada@example.org')
  const single = JSON.parse(await paste(detail.replace(/customers\/\d+/, `customers/${customer.id}`)))

  assert.deepEqual(Object.keys(listed).slice(0, 2), ['customers', 'stats'])
  assertBeginsLike(customer, customerShape)
  assertBeginsLike(single, customerShape)
  assert.equal(Object.keys(single).at(-1), 'orders')
  for (const order of single.orders) assertBeginsLike(order, orderShape)
  assert.deepEqual(single.total_spent, { amount: '94.00', currency: 'EUR' })
  assert.equal(single.created_at, refunded.paidAt)
  const firstOrder = single.orders.find((order: { public_id: string }) => order.public_id === first.publicId)
  assert.ok(
    first.from <= firstOrder.paid_at && firstOrder.paid_at <= first.to,
    'paid at the second at which it was paid',
  )
  assert.equal(single.marketing_consent_at, firstOrder.paid_at)
  assert.deepEqual(
    single.orders.map((order: { status: string; total: { amount: string } }) => [order.status, order.total.amount]),
    [
      ['paid', '42.00'],
      ['paid', '42.00'],
      ['partially_refunded', '20.00'],
    ],
  )
  assert.deepEqual(
    new Set(single.orders.slice(0, 2).map((order: { public_id: string }) => order.public_id)),
    new Set([first.publicId, second.publicId]),
  )
  const one = JSON.parse(await paste(detail))
  assert.ok(one.orders.length > 0, 'the printed id exists and has bought something')
})

test('a second start keeps the data, and its tokens take the place of the old ones', async () => {
  await stopDemo()
  const output = await startDemo()
  const [list] = curlsOf(output)
  const customers = JSON.parse(await paste(list.replace('/admin/customers', '/admin/customers?period=all_time')))
  assert.ok(customers.customers.some((one: { email: string }) => one.email === 'ada@example.org'))
  assert.equal(customers.stats.customer_count, customers.customers.length)
})

/** Resolves with all that it printed once `/readyz` says so. */
async function startDemo(): Promise<string> {
  const child = spawn(process.execPath, ['database/demo.ts'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  demo = child
  let output = ''
  for await (const chunk of child.stdout) {
    output += chunk
    if (/customers\/\d+\n/.test(output)) break
  }
  const address = /http:\/\/localhost:\d+/.exec(output)?.[0]
  assert.equal((await fetch(`${address}/readyz`)).status, 200)
  return output
}

async function stopDemo(): Promise<void> {
  if (!demo || demo.exitCode !== null) return
  const ended = new Promise((resolve) => demo?.once('exit', resolve))
  demo.kill('SIGTERM')
  await ended
  assert.equal(demo.exitCode, 0)
}

function curlsOf(output: string): [string, string] {
  const [list, detail] = output.match(/^curl [^\n]*\\\n[^\n]*\\\n[^\n]*$/gm) ?? []
  assert.ok(list && detail, `two curls in:\n${output}`)
  return [list, detail]
}

async function paste(command: string): Promise<string> {
  const { stdout } = await run('bash', ['-c', command.replace(/^curl/, 'curl -sS')])
  return stdout
}

// biome-ignore lint/suspicious/noExplicitAny: the test looks into bodies of every shape
async function jsonOf(answer: Response): Promise<any> {
  return answer.json()
}

function wireNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}

async function buy(shop: string, email: string, marketingConsent: boolean) {
  const from = wireNow()
  const send = async (method: string, path: string, body: object) => {
    const answer = await fetch(shop + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
    return jsonOf(answer)
  }
  const event = await jsonOf(await fetch(`${shop}/events/winter-gala.json`))
  const ticket = event.tickets.find((one: { title: string }) => one.title === 'General Admission')
  const checkout = await send('POST', '/checkouts', {
    event_slug: 'winter-gala',
    items: [{ ticket_id: ticket.id, quantity: 2 }],
  })
  await send('PATCH', `/checkouts/${checkout.public_id}`, {
    buyer: { email, name: 'Ada Lovelace' },
    marketing_consent: marketingConsent,
  })
  const paid = await send('POST', `/checkouts/${checkout.public_id}/payment`, { provider: 'test', outcome: 'succeed' })
  const feed = await jsonOf(await fetch(`${shop}/checkouts/${checkout.public_id}`))
  assert.equal(feed.status, 'paid')
  return { publicId: paid.order.public_id as string, from, to: wireNow() } // the door's answer: a text
}

async function importRefunded(email: string): Promise<{ paidAt: string }> {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000)
  const monthStart = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1, 1))
  const paidAt = (now.getTime() - monthStart.getTime() > 7_200_000 ? new Date(now.getTime() - 3_600_000) : now)
    .toISOString()
    .replace('.000', '')
  const line = {
    ref: 'OLD-1',
    paid_at: paidAt,
    email,
    event_slug: 'winter-gala',
    items: [{ ticket_title: 'General Admission', unit_price: '20.00', quantity: 1 }],
    refunds: [{ amount: '10.00', refunded_at: paidAt }],
  }
  const file = join(dataDir, 'orders.ndjson')
  await writeFile(file, `${JSON.stringify(line)}\n`)
  const { stdout } = await run(
    process.execPath,
    ['server/cli.ts', 'import', 'orders', file, '--account', 'demo', '--json'],
    { cwd: root, env: environment },
  )
  assert.deepEqual(JSON.parse(stdout), { imported: 1, skipped: 0, customers: 0 })
  return { paidAt }
}

/** Key by key, in this order, of these types; what we add follows. */
function assertBeginsLike(value: Record<string, unknown>, shape: object): void {
  const first = Object.entries(value).slice(0, Object.keys(shape).length)
  const types = Object.fromEntries(first.map(([key, inner]) => [key, typeOf(inner)]))
  assert.equal(JSON.stringify(types), JSON.stringify(shape))
}

function typeOf(value: unknown): unknown {
  if (value === null) return 'null'
  if (typeof value !== 'object') return typeof value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, typeOf(inner)]))
}
