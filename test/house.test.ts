import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { basename, dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

/** The rules of the house that a program can check; ARCHITECTURE.md says why they are there. */

const root = new URL('..', import.meta.url).pathname
const floors: Record<string, number> = {
  platform: 0,
  accounts: 1,
  payments: 1,
  mails: 1,
  events: 2,
  ticketing: 3,
  'promo-codes': 3,
  orders: 4,
  customers: 5,
  admission: 5,
  checkout: 6,
  letters: 6,
  imports: 6,
  shop: 7,
  backup: 7,
  commands: 8,
  doctor: 7,
}
const topFiles = ['app.ts', 'main.ts', 'cli.ts', 'process.ts', 'config.ts', 'installation.ts']
const unwantedWords = /(^|-)(util|utils|helper|helpers|manager|service|handler|handlers|common|misc|data|base)(-|\.|$)/

interface Source {
  path: string
  text: string
  imports: string[]
}

const sources: Source[] = []
for await (const path of glob('{server,database,test,bench}/**/*.ts', { cwd: root })) {
  const text = readFileSync(join(root, path), 'utf8')
  const imports = [...text.matchAll(/^(?:import|export)\s[^'"]*?from\s+'([^']+)'/gms)].map((match) => match[1] ?? '')
  sources.push({ path, text, imports })
}
const server = sources.filter(({ path }) => path.startsWith('server/'))
const shipped = server.filter(({ path }) => !path.endsWith('.test.ts'))

function rule(name: string, findBreaches: () => string[]) {
  test(name, () => assert.deepEqual(findBreaches(), []))
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function importedFiles({ path, imports }: Source): string[] {
  return imports.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(path), name)))
}

rule('a room imports itself and lower floors, never up, never sideways', () =>
  shipped.flatMap((source) => {
    const room = roomOf(source.path)
    if (topFiles.includes(room)) return []
    const floor = floors[room]
    if (floor === undefined) return [`${source.path}: give the folder ${room} a floor in test/house.test.ts`]
    return importedFiles(source)
      .filter(
        (file) =>
          file.startsWith('server/') &&
          !(file === 'server/config.ts' || (room === 'commands' && file === 'server/installation.ts')),
      )
      .filter((file) => roomOf(file) !== room && (floors[roomOf(file)] ?? 99) >= floor)
      .map((file) => `${source.path} imports ${file}: move what it needs to a lower floor`)
  }),
)

rule('config.ts is a list of what everyone is handed: it imports nothing but types from the ground floor', () =>
  shipped
    .filter(({ path }) => path === 'server/config.ts')
    .flatMap((source) => importedFiles(source).filter((file) => roomOf(file) !== 'platform')),
)

rule('no circles between files', () => {
  const graph = new Map(shipped.map((source) => [source.path, importedFiles(source)]))
  const breaches: string[] = []
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) breaches.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
    else if (!seen.has(file)) {
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
      seen.add(file)
    }
  }
  const seen = new Set<string>()
  for (const file of graph.keys()) visit(file, [])
  return breaches
})

rule('imports are relative and end in .ts, and no index.ts hands names on', () =>
  sources.flatMap(({ path, imports }) => [
    ...imports.filter((name) => name.startsWith('.') && !name.endsWith('.ts')).map((name) => `${path} imports ${name}`),
    ...(basename(path) === 'index.ts' ? [path] : []),
  ]),
)

rule('no file is longer than 300 lines', () =>
  sources
    .filter(({ text }) => text.split('\n').length > 301)
    .map(({ path, text }) => `${path}: ${text.split('\n').length - 1} lines`),
)

rule('files are named in kebab-case, by words that say something', () =>
  sources
    .filter(({ path }) => !/^[a-z0-9-]+(\.test)?\.ts$/.test(basename(path)) || unwantedWords.test(basename(path)))
    .map(({ path }) => path),
)

rule('only config.ts reads the environment, for those who start something', () =>
  shipped
    .filter(
      ({ path, text }) =>
        /process\.env/.test(text) && !['server/main.ts', 'server/commands/run-command.ts'].includes(path),
    )
    .filter(({ path }) => !path.startsWith('server/platform/embedded-postgres/'))
    .map(({ path }) => path),
)

rule('only process.ts asks the machine for the time; everyone else is handed a clock', () =>
  shipped
    .filter(
      ({ path, text }) =>
        path !== 'server/process.ts' &&
        /Date\.now\(|new Date\(\)|\bnow\(\)|current_timestamp/.test(text.replace(/performance\.now\(\)/g, '')),
    )
    .filter(({ path }) => path !== 'server/platform/migrations.ts')
    .map(({ path }) => path),
)

rule('a table is written only by the queries of the room that owns it', () => {
  const owners: Record<string, string> = {
    accounts: 'accounts',
    members: 'accounts',
    api_tokens: 'accounts',
    venues: 'events',
    events: 'events',
    event_slugs: 'events',
    ticket_types: 'ticketing',
    event_places: 'ticketing',
    holds: 'ticketing',
    promo_codes: 'promo-codes',
    orders: 'orders',
    order_lines: 'orders',
    tickets: 'orders',
    refunds: 'orders',
    invoices: 'orders',
    invoice_counters: 'orders',
    customers: 'customers',
    customer_events: 'customers',
    payments: 'payments',
    checkouts: 'checkout',
    checkout_items: 'checkout',
    mails: 'mails',
    daily_totals: 'platform',
    daily_total_changes: 'platform',
  }
  const write = /\b(?:insert into|delete from|update)\s+([a-z_]+)/g
  return shipped.flatMap(({ path, text }) =>
    [...text.matchAll(write)]
      .filter(([, table]) => table !== undefined && owners[table] !== undefined)
      .filter(([, table]) => owners[table ?? ''] !== roomOf(path) || !/(^|\/|-)(queries|daily-totals)\.ts$/.test(path))
      .map(([found]) => `${path}: ${found}`),
  )
})

rule('no leftovers: TODO, disabled or lonely tests, silenced types', () =>
  sources
    .filter(({ path }) => path !== 'test/house.test.ts')
    .flatMap(({ path, text }) =>
      [
        ...text.matchAll(/\b(TODO|FIXME|HACK)\b|\btest\.(only|skip)\(|@ts-(ignore|nocheck|expect-error)|\bas any\b/g),
      ].map(([found]) => `${path}: ${found}`),
    ),
)

for (const folder of ['docs/decisions', 'database/migrations']) {
  rule(`${folder} is numbered from 1 on, without gaps or doubles`, () =>
    readdirSync(new URL(`../${folder}`, import.meta.url))
      .sort()
      .filter((name, index) => Number(name.slice(0, 4)) !== index + 1),
  )
}
