import assert from 'node:assert/strict'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, test } from 'node:test'
import { printSchema } from '../../test/support/print-schema.ts'
import { openWorld } from '../../test/support/world.ts'
import { examine } from '../doctor/examine.ts'
import { compress, enclose, readEnclosed } from './envelope.ts'
import { restoreBackup } from './restore-backup.ts'
import { writeBackup } from './write-backup.ts'

const world = await openWorld()
const { db } = world
const folder = await mkdtemp(join(tmpdir(), 'foyer-damage-'))
after(() => rm(folder, { recursive: true }))
const damaged = join(folder, 'damaged')

const club = await world.organizer()
for (const email of ['jane@example.com', 'joe@example.com']) await world.paidOrder(club, { email, quantity: 2 })
const schema = await printSchema(db)
const file = join(folder, 'whole')
await writeBackup(db, file, { now: world.now() })
const whole = await readFile(file)
await db.unsafe('drop schema public cascade; create schema public')

/** Restoring these bytes is refused, in those words, and leaves the empty database as empty as it was. */
async function refuses(bytes: Buffer, message: RegExp, what: string): Promise<void> {
  await writeFile(damaged, bytes)
  await assert.rejects(restoreBackup(db, damaged), message, what)
  const [{ tables }] = await db<[{ tables: number }]>`
    select count(*)::integer as tables from pg_class where relnamespace = 'public'::regnamespace`
  assert.equal(tables, 0, what)
}

const anyRefusal = /damaged or not whole|not a backup of Foyer/

test('a file that was cut off anywhere is refused', async () => {
  const lengths = Array.from({ length: 60 }, (_, index) => Math.floor((whole.length * index) / 60))
  for (let off = 1; off <= 60; off++) lengths.push(whole.length - off, off)
  for (const length of lengths) await refuses(whole.subarray(0, length), anyRefusal, `cut to ${length}`)
})

test('one flipped bit is found, wherever it is', async () => {
  const edges = Array.from({ length: 48 }, (_, index) => [
    index * 8 + (index % 8),
    (whole.length - 1 - index) * 8,
  ]).flat()
  const inside = Array.from({ length: 50 }, () => Math.floor(Math.random() * whole.length * 8))
  for (const bit of [...edges, ...inside]) {
    const bytes = Buffer.from(whole)
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    await refuses(bytes, anyRefusal, `bit ${bit}`)
  }
})

test('a file with bytes behind its end, with pieces swapped, or of something else is refused', async () => {
  const middle = whole.length >> 1
  await refuses(Buffer.concat([whole, Buffer.from([0])]), anyRefusal, 'one byte more')
  await refuses(Buffer.concat([whole, whole]), anyRefusal, 'twice')
  await refuses(Buffer.concat([whole.subarray(middle), whole.subarray(0, middle)]), anyRefusal, 'halves swapped')
  await refuses(Buffer.alloc(0), /not a backup of Foyer/, 'empty')
  await refuses(Buffer.alloc(5000), /not a backup of Foyer/, 'zeros')
  await refuses(Buffer.from('PK\u0003\u0004 a zip file, say'), /not a backup of Foyer/, 'another format')
  await assert.rejects(restoreBackup(db, folder), /Could not read .*EISDIR/)
  await assert.rejects(restoreBackup(db, join(folder, 'nowhere')), /Could not read .*ENOENT/)
})

test('a file that is whole and yet not what a backup writes is refused in the middle, and nothing stays of it', async () => {
  const text = await textOf(file)
  const lost = text.replace(/(\{"table":"tickets".*\n)(.*\n)/, '$1')
  const changed = text.replace('jane@example.com', 'jade@example.com')
  const unfit = text.replace('{"table":"tickets","columns":["account_id",', '{"table":"tickets","columns":["account",')
  const short = text.replace(/\{"tables":\d+,"rows":(\d+)\}\n$/, '')
  for (const [forged, message] of [
    [lost, /contradicts itself/],
    [changed, /contradicts itself/],
    [unfit, /table tickets has other columns/],
    [short, /ends in the middle/],
    [text.replace(/\n(\d+)\tClub/, '\nabc\tClub'), /could not be loaded: invalid input syntax.* Nothing was changed/],
    [text.replace(/\n(\d+)\tClub/, '\nClub'), /could not be loaded: .* Nothing was changed/],
  ] as const) {
    assert.notEqual(forged, text)
    await pipeline(Readable.from([forged]), compress(), enclose, async (chunks) => writeFile(damaged, chunks))
    await assert.rejects(restoreBackup(db, damaged), message)
    const [{ accounts }] = await db<[{ accounts: number }]>`select count(*)::integer as accounts from accounts`
    assert.equal(accounts, 0)
    assert.equal(await printSchema(db), schema)
  }

  await restoreBackup(db, file)
  assert.deepEqual(
    (await examine(db, world.now())).checks.filter(({ ok }) => !ok),
    [],
  )
})

async function textOf(path: string): Promise<string> {
  await using handle = await open(path)
  const chunks = readEnclosed(handle, (await handle.stat()).size)
  let text = ''
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) text += next.value
  return text
}
