import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { isDatabaseAway, openPool, openSnapshot, type Pool, type Tx, transaction } from './database.ts'

/** A connection that dies takes its transaction with it, and nothing else. */

const { url, db: other } = await testDatabase()
await other`create table marks (mark text)`
const marks = async () => (await other<{ mark: string }[]>`select mark from marks order by 1`).map(({ mark }) => mark)

async function killed(tx: Tx): Promise<void> {
  await tx`select pg_terminate_backend(pg_backend_pid())`
}

async function withPool(max: number, act: (db: Pool) => Promise<void>): Promise<void> {
  const db = openPool(url, { max, name: 'doomed' })
  try {
    await act(db)
  } finally {
    await db.end({ timeout: 1 })
  }
}

test('what is asked for together goes out in the order of the calls, known to the connection or not', async () => {
  const mark = async (tx: Tx, name: string) => {
    await tx`update marks set mark = mark || ${name}`
  }
  const two = (tx: Tx) => Promise.all([mark(tx, 'b'), mark(tx, 'c')])
  const whole = async (tx: Tx) => {
    const [row] = await tx<[{ mark: string }]>`select mark from marks`
    return row.mark
  }
  await withPool(1, async (db) => {
    for (const round of ['first', 'second'])
      await transaction(db, async (tx) => {
        await tx`insert into marks values ('')`
        const [, , read] = await Promise.all([mark(tx, 'a'), two(tx), whole(tx), mark(tx, 'd')])
        assert.equal(read, 'abc', round)
        await tx`delete from marks`
      })
  })
})

test('a transaction whose connection dies fails, also inside another, and the next one works', async () => {
  await withPool(1, async (db) => {
    await assert.rejects(transaction(db, killed), isDatabaseAway)
    await assert.rejects(
      transaction(db, async (tx) => {
        await tx`insert into marks values ('lost')`
        await transaction(tx, killed)
      }),
      isDatabaseAway,
    )
    await transaction(db, (tx) => tx`insert into marks values ('kept')`)
  })
  assert.deepEqual(await marks(), ['kept'])
})

test('what a transaction asks for after its connection died is refused, and meets nobody else’s', async () => {
  await withPool(1, async (db) => {
    let goOn = () => {}
    const waiting = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let late: Promise<unknown> = Promise.resolve()
    const first = transaction(db, async (tx) => {
      const [{ pid }] = await tx<[{ pid: number }]>`select pg_backend_pid() as pid`
      await other`select pg_terminate_backend(${pid})`
      await waiting
      late = (async () => tx`insert into marks values ('late')`)()
      late.catch(() => {})
      await late
    })
    await assert.rejects(first, isDatabaseAway)

    await transaction(db, async (tx) => {
      await tx`insert into marks values ('second')`
      goOn()
      await assert
        .rejects(
          late.then(() => new Promise(setImmediate)).then(() => late),
          isDatabaseAway,
        )
        .catch(() => {})
      await tx`insert into marks values ('third')`
    })
    await assert.rejects(late, isDatabaseAway)
  })
  assert.deepEqual(await marks(), ['kept', 'second', 'third'])
})

test('a snapshot whose connection died refuses what is asked of it', async () => {
  await withPool(1, async (db) => {
    const { tx, close } = await openSnapshot(db)
    await assert.rejects(killed(tx), isDatabaseAway)
    await assert.rejects(async () => tx`select 1`, isDatabaseAway)
    close()
    assert.equal(await untilAnswered(db), 1)
  })
})

test('a connection that breaks while a query is about to be written fails that query, and its place is soon taken', async () => {
  const sockets: Socket[] = []
  const keep = (message: unknown) => sockets.push((message as { socket: Socket }).socket) // as Node.js publishes it
  subscribe('net.client.socket', keep)
  await withPool(1, async (db) => {
    await db`select 1`
    const [socket] = sockets
    assert.ok(socket)
    const begun = performance.now()
    const broken = new Promise<unknown>((resolve) => {
      // In this phase of the loop the socket is closed before the driver comes to write.
      setImmediate(() => {
        socket.destroy()
        db`select 2`.catch(resolve)
      })
    })
    assert.ok(isDatabaseAway(await broken))
    assert.equal(await untilAnswered(db), 1)
    assert.ok(performance.now() - begun < 5000, 'it took as long as a connection that says nothing')
  })
  unsubscribe('net.client.socket', keep)
})

test('rows of a result that was cut off, by an error or by the end of its connection, are not found in the next', async () => {
  await withPool(1, async (db) => {
    await db`select 1`
    const cutOff = db`select repeat('x', 50000) as x, 1 / (5 - i) as y from generate_series(1, 10) i`
    await assert.rejects(cutOff, /division by zero/)
    assert.deepEqual([...(await db`select 7 as seven`)], [{ seven: 7 }])

    const [{ pid }] = await db<[{ pid: number }]>`select pg_backend_pid() as pid`
    const slow = db`select repeat('x', 50000) as x, pg_sleep(i / 4 * 60) from generate_series(1, 4) i`
    slow.catch(() => {})
    const isAsleep = () =>
      other<[{ asleep: boolean }]>`select wait_event = 'PgSleep' as asleep from pg_stat_activity where pid = ${pid}`
    while (!(await isAsleep())[0].asleep);
    await other`select pg_terminate_backend(${pid})`
    await assert.rejects(slow, isDatabaseAway)
    assert.equal(await untilAnswered(db), 1)
    assert.deepEqual([...(await db`select i from generate_series(1, 3) i`)], [{ i: 1 }, { i: 2 }, { i: 3 }])
  })
})

test('however connections die, the pool answers afterwards', { timeout: 60_000 }, async () => {
  await withPool(4, async (db) => {
    for (let round = 0; round < 60; round++) {
      const busy = Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0
          ? db`select pg_sleep(${index / 2000})`
          : transaction(db, async (tx) => {
              await tx`select 1`
              await tx`select pg_sleep(${index / 2000})`
            }),
      )
      const dying = other`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'doomed' and datname = current_database() and pid <> pg_backend_pid()`
      for (const { status, reason } of (await Promise.allSettled([...busy, dying])) as PromiseRejectedResult[])
        if (status === 'rejected') assert.ok(isDatabaseAway(reason), String(reason))
    }
    const answers = await Promise.all(Array.from({ length: 8 }, () => untilAnswered(db)))
    assert.deepEqual(new Set(answers), new Set([1]))
  })
})

/** Connections that died a moment ago may be noticed by the first queries. */
async function untilAnswered(db: Pool, tries = 5): Promise<number> {
  try {
    const [row] = await db<[{ one: number }]>`select 1 as one`
    return row.one
  } catch (error) {
    if (tries === 0) throw error
    return untilAnswered(db, tries - 1)
  }
}
