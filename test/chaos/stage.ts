import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { controlFakeStripe, type FakeStripeControls } from '../support/fakestripe/client.ts'
import { type App, openApp, until } from './app.ts'
import { patientClient } from './patient-client.ts'
import { killProgram, type Program, runProgram, startProgram } from './programs.ts'

/** What the folder keeps, so that a run can be stopped and gone on with. */
export interface Scene {
  seed: number
  checkouts: number
  port: number
  bankPort: number
  token: string
  events: { slug: string; ticketId: number }[]
}

export interface Stage {
  folder: string
  dataDir: string
  scene: Scene
  app: App
  bank: FakeStripeControls
  /** What the `foyer` command is run with. */
  environment: Record<string, string>
  close(): Promise<void>
}

export const holdMs = 5_000
const webhookSecret = 'whsec_chaos'

/** Opens the bank and the server over what the folder holds, or sets the scene in an empty one. */
export async function openStage(
  folder: string,
  wanted: { seed: number; checkouts: number },
  signal: AbortSignal,
): Promise<Stage> {
  mkdirSync(folder, { recursive: true })
  const dataDir = join(folder, 'data')
  const sceneFile = join(folder, 'scene.json')
  const known: Scene | undefined = existsSync(sceneFile) ? JSON.parse(readFileSync(sceneFile, 'utf8')) : undefined
  const [port, bankPort] = known ? [known.port, known.bankPort] : [await freePort(), await freePort()]
  const environment = environmentOf(folder, dataDir, port, bankPort)
  const bankProgram = startBank(folder, port, bankPort)
  const bank = controlFakeStripe(`http://127.0.0.1:${bankPort}`, webhookSecret)
  const app = openApp(port, environment)
  const close = async () => {
    await app.stop()
    await killProgram(bankProgram)
  }
  try {
    await until(
      'the bank and the server are ready',
      async () => /listening/.test(bankProgram.lastWords()) && app.isReady(),
    )
    const scene = known ?? {
      ...wanted,
      port,
      bankPort,
      ...(await setScene(app, environment, wanted.checkouts, signal)),
    }
    writeFileSync(sceneFile, JSON.stringify(scene, null, 2))
    return { folder, dataDir, scene, app, bank, environment, close }
  } catch (error) {
    await close()
    throw error
  }
}

function environmentOf(folder: string, dataDir: string, port: number, bankPort: number): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    PORT: String(port),
    BASE_URL: `http://127.0.0.1:${port}`,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'warn',
    HOLD_MINUTES: String(holdMs / 60_000),
    STRIPE_SECRET_KEY: 'sk_test_chaos',
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: `http://127.0.0.1:${bankPort}`,
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
  }
}

function startBank(folder: string, port: number, bankPort: number): Program {
  const state = join(folder, 'bank.ndjson')
  const knowsUs = existsSync(state) && readFileSync(state, 'utf8').includes('"shelf":"endpoints"')
  const address = knowsUs ? [] : ['--webhook-url', `http://127.0.0.1:${port}/webhooks/stripe`]
  const options = ['--port', String(bankPort), '--state', state, '--webhook-secret', webhookSecret]
  return startProgram('test/support/fakestripe/main.ts', [...options, '--notices-at-once', '4', ...address], {})
}

/** An organiser with three events: one with places for all, one for some, one for few. */
async function setScene(app: App, environment: Record<string, string>, checkouts: number, signal: AbortSignal) {
  const owner = ['--name', 'Chaos Club', '--subdomain', 'chaos', '--owner-email', 'owner@example.com']
  await runProgram('server/cli.ts', ['account', 'create', ...owner], environment)
  const wanted = ['--account', 'chaos', '--description', 'chaos', '--permission', 'write', '--json']
  const { token } = JSON.parse(await runProgram('server/cli.ts', ['token', 'create', ...wanted], environment))
  const client = patientClient(app.url, signal)
  const create = async (path: string, body: object) => {
    const answer = await client.ask({ method: 'POST', path, body, token })
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const hall = { name: 'Hall', address: 'Street 1', city: 'Berlin', postal_code: '10115' }
  const { id: venue } = await create('/admin/venues', hall)
  const events: Scene['events'] = []
  for (const [title, price, share] of [
    ['All', '21.00', null],
    ['Some', '13.37', 0.3],
    ['Few', '8.05', 0.1],
  ] as const) {
    const times = { starts_at: '2040-06-01T20:00:00Z', ends_at: '2040-06-01T23:00:00Z' }
    const { slug } = await create('/admin/events', { title, venue_id: venue, ...times })
    const stock = share === null ? null : Math.ceil(share * checkouts)
    const ticket = await create(`/admin/events/${slug}/standard_tickets`, { title, price, stock, max_per_order: 10 })
    await create(`/admin/events/${slug}/publication`, {})
    events.push({ slug, ticketId: ticket.id })
  }
  return { token: String(token), events }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number } // listening on TCP: never a path
  await new Promise((resolve) => server.close(resolve))
  return port
}
