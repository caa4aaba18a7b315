import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { participant, postmasterPid, runs, until } from '../../test/support/postgres-participant.ts'
import { joinEmbeddedPostgres } from './embedded-postgres.ts'

const bounded = { timeout: 30_000 }
let dataDir: string
let logged: string[]

beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'foyer-embedded-')), 'made', 'here')
  logged = []
})

afterEach(() => {
  const left = existsSync(pidFile()) && runs(postmasterPid(dataDir))
  if (left) process.kill(postmasterPid(dataDir), 'SIGQUIT')
  rmSync(join(dataDir, '../..'), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  assert.ok(!left, 'a server was left running')
})

test('an empty folder becomes a server with what Foyer needs, and leaving stops it', bounded, async () => {
  const server = await joinHere()
  const pid = postmasterPid(dataDir)
  const [row] = await ask(
    server.url,
    (sql) => sql`
    select current_database() as name, current_user as "user", lower('ÀÉß') as lower, 'a' < 'B' collate "und-x-icu" as icu,
      (select count(*)::int from pg_available_extensions where name in ('pg_trgm', 'unaccent')) as extensions,
      (select jsonb_object_agg(name, setting) from pg_settings where name in
        ('TimeZone', 'data_checksums', 'listen_addresses', 'max_connections', 'server_encoding', 'shared_buffers', 'wal_buffers')) as settings`,
  )

  assert.deepEqual(row, {
    name: 'foyer',
    user: 'foyer',
    lower: 'àéß',
    icu: true,
    extensions: 2,
    settings: {
      TimeZone: 'UTC',
      data_checksums: 'on',
      listen_addresses: '127.0.0.1',
      max_connections: '200',
      server_encoding: 'UTF8',
      shared_buffers: '32768',
      wal_buffers: '8192',
    },
  })
  const rights = ['', 'postgres', 'postgres.password'].map((name) => statSync(join(dataDir, name)).mode & 0o777)
  assert.deepEqual(rights, [0o711, 0o700, 0o600])
  await assert.rejects(
    ask(server.url.replace(/:[0-9a-f]+@/, ':wrong@'), (sql) => sql`select 1`),
    { code: '28P01' },
  )

  await Promise.all([server.leave(), server.leave()])
  assert.equal(runs(pid), false)
  assert.deepEqual(logged, [`Preparing a new database in ${dataDir}/postgres`])
})

test('rows outlive a restart', bounded, async () => {
  const first = await joinHere()
  await ask(first.url, (sql) => sql`create table kept as select 42 as answer`)
  await first.leave()

  const second = await joinHere()
  assert.deepEqual([...(await ask(second.url, (sql) => sql`select answer from kept`))], [{ answer: 42 }])
  await second.leave()
})

test('processes that start at once share one server, and the last to leave stops it', bounded, async () => {
  const [first, second, third] = [participant(dataDir), participant(dataDir), participant(dataDir)]
  const [url, ...others] = await Promise.all([first.url, second.url, third.url])
  const pid = postmasterPid(dataDir)
  assert.deepEqual(others, [url, url])

  await first.leave()
  assert.equal(runs(pid), true)
  assert.doesNotMatch(await first.logged, /stays up/)
  await Promise.all([second.leave(), third.leave()])
  assert.equal(runs(pid), false)
})

test('whoever arrives while the last one leaves gets a server that works', bounded, async () => {
  let server = await joinHere()
  for (let round = 0; round < 5; round++) {
    const [next] = await Promise.all([joinHere(), server.leave()])
    assert.equal((await ask(next.url, (sql) => sql`select 1 as one`))[0]?.one, 1)
    server = next
  }
  await server.leave()
})

test('a server that outlived its killed process is taken over, and stopped when left', bounded, async () => {
  const killed = participant(dataDir)
  const url = await killed.url
  await killed.kill()
  const pid = postmasterPid(dataDir)
  assert.equal(runs(pid), true)

  const heir = await joinHere()
  assert.equal(heir.url, url)
  await heir.leave()
  assert.equal(runs(pid), false)
})

test('a process killed while it prepared the folder costs the next one nothing', bounded, async () => {
  const killed = participant(dataDir)
  await until(() => globSync(`${dataDir}/postgres.unfinished-*/global`).length > 0)
  await killed.kill()

  const server = await joinHere()
  assert.deepEqual(globSync(`${dataDir}/postgres.unfinished-*`), [])
  await server.leave()
})

test('the number of a dead server, now of another program, is not taken for a server', bounded, async () => {
  await (await joinHere()).leave()
  const { uid, gid } = statSync(join(dataDir, 'postgres'))
  const stranger = spawn('sleep', ['60'], { uid, gid })
  for (const pid of [stranger.pid, process.pid, 2147483646]) {
    writeFileSync(pidFile(), `${pid}\n/proc/self/cwd\n1700000000\n1\n\n127.0.0.1\n 1 1\nready   \n`)
    const server = await joinHere()
    assert.notEqual(postmasterPid(dataDir), pid)
    await server.leave()
  }
  assert.equal(stranger.exitCode, null)
  stranger.kill()
})

test('a server that somebody else is connected to stays up', bounded, async () => {
  const server = await joinHere()
  const stranger = postgres(server.url, { max: 1, connection: { application_name: 'psql' } })
  await stranger`select 1`
  await server.leave()
  assert.equal((await stranger`select 1 as one`)[0]?.one, 1)
  assert.match(logged.at(-1) ?? '', /stays up.*psql/)

  await stranger.end()
  await (await joinHere()).leave()
})

test('a process that forgets to leave can end, and its server is taken over', bounded, async () => {
  const source = new URL('embedded-postgres.ts', import.meta.url).href
  const script = `import { joinEmbeddedPostgres as join } from '${source}'; await join('${dataDir}', () => {})`
  const forgetful = spawn(process.execPath, ['--input-type=module', '-e', script], { timeout: 15_000 })
  assert.deepEqual(await once(forgetful, 'exit'), [0, null])
  assert.equal(runs(postmasterPid(dataDir)), true)
  await (await joinHere()).leave()
})

test("the terminal's Ctrl-C does not reach the server", bounded, async () => {
  const person = participant(dataDir, { detached: true })
  const url = await person.url
  process.kill(-(person.process.pid ?? 0), 'SIGINT')
  await person.leave()
  assert.equal(person.process.signalCode, 'SIGINT')
  const heir = await joinHere()
  assert.equal(heir.url, url)
  await heir.leave()
})

test(
  'a server that dies is brought back on its port, as often as it dies, for those who asked for it',
  bounded,
  async () => {
    const server = await joinHere()
    server.keepAlive()
    await ask(server.url, (sql) => sql`create table kept as select 42 as answer`)
    for (const round of [1, 2, 3]) {
      const pid = postmasterPid(dataDir)
      process.kill(pid, 'SIGKILL')
      await until(() => !runs(pid))
      const answers = await untilAnswered(() => ask(server.url, (sql) => sql`select answer from kept`))
      assert.deepEqual([...answers], [{ answer: 42 }], `round ${round}`)
    }
    const pid = postmasterPid(dataDir)
    await server.leave()
    assert.equal(runs(pid), false)
  },
)

test('a server whose port was taken meanwhile comes back on another, and says on which', bounded, async () => {
  const server = await joinHere()
  const before = server.port()
  const pid = postmasterPid(dataDir)
  process.kill(pid, 'SIGKILL')
  await until(() => !runs(pid))
  const squatter = createServer().listen(before, '127.0.0.1')
  await once(squatter, 'listening')

  server.keepAlive()

  await until(() => server.port() !== before)
  await ask(server.url.replace(`:${before}/`, `:${server.port()}/`), (sql) => sql`select 1`)
  await server.leave()
  squatter.close()
})

test('whoever leaves while the server is brought back leaves nothing behind', bounded, async () => {
  const server = await joinHere()
  server.keepAlive()
  process.kill(postmasterPid(dataDir), 'SIGKILL')
  await until(() => logged.length > 1)
  await server.leave()
})

test('a process that is killed while it brings a server back leaves it to the next', bounded, async () => {
  const [killed, heir] = [participant(dataDir), participant(dataDir)]
  await Promise.all([killed.url, heir.url])
  await heir.leave()
  process.kill(postmasterPid(dataDir), 'SIGKILL')
  await killed.kill()
  const next = await joinHere()
  assert.equal((await ask(next.url, (sql) => sql`select 1 as one`))[0]?.one, 1)
  await next.leave()
})

test('leaving a dead server says nothing and takes no time', bounded, async () => {
  const server = await joinHere()
  const pid = postmasterPid(dataDir)
  process.kill(pid, 'SIGKILL')
  await until(() => !runs(pid))

  const begun = performance.now()
  await server.leave()
  assert.ok(performance.now() - begun < 3_000)
  assert.equal(logged.length, 1)
  await (await joinHere()).leave()
})

test('what is no cluster of this version is left alone, and the refusal names the cure', bounded, async () => {
  mkdirSync(join(dataDir, 'postgres'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres/letter.txt'), 'Dear')
  await assert.rejects(joinHere(), /not a PostgreSQL's\. Move them away/)

  rmSync(join(dataDir, 'postgres/letter.txt'))
  await (await joinHere()).leave()
  writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '17\n')
  await assert.rejects(joinHere(), /written by PostgreSQL 17, and this Foyer brings PostgreSQL 18.*pg_dump/)
  assert.equal(readFileSync(join(dataDir, 'postgres/PG_VERSION'), 'utf8'), '17\n')
})

test("a server that can't start is explained in its own words", bounded, async () => {
  await assert.rejects(
    joinEmbeddedPostgres(dataDir, () => {}, { shared_buffers: 'plenty' }),
    /did not start.*invalid value for parameter "shared_buffers": "plenty"/s,
  )
})

/** The server is still starting, or not there yet. */
async function untilAnswered<T>(question: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    try {
      return await question()
    } catch (reason) {
      if (performance.now() > deadline) throw reason
      await sleep(20)
    }
  }
}

function joinHere() {
  return joinEmbeddedPostgres(dataDir, (message) => logged.push(message), { fsync: 'off' })
}

async function ask<T>(url: string, question: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1 })
  try {
    return await question(sql)
  } finally {
    await sql.end()
  }
}

function pidFile(): string {
  return join(dataDir, 'postgres/postmaster.pid')
}
