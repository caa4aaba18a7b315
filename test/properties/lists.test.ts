import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asking, checkCompleteList, checkPages, checkSpellings, type Expected } from '../model/check.ts'
import { customerStats, customersOf, customersUnder, wireCustomer } from '../model/customers.ts'
import { histories } from '../model/history.ts'
import { momentInstant } from '../model/instants.ts'
import { orderStats, ordersUnder, wireOrder } from '../model/orders.ts'
import { patience } from '../model/patience.ts'
import { play } from '../model/play.ts'
import { customerQuestions, orderQuestions, type Reading, readings } from '../model/questions.ts'
import type { Stage } from '../model/stage.ts'
import { expect, type Organizer, openWorld } from '../support/world.ts'

const world = await openWorld()
const others = [
  (club: Organizer, expected: Expected) => checkPages(world, club, expected, 1),
  (club: Organizer, expected: Expected) => checkPages(world, club, expected, 7),
  (club: Organizer, expected: Expected) => checkPages(world, club, expected, 100),
  (club: Organizer, expected: Expected) => checkSpellings(world, club, expected),
]

let turn = 0

test('after any history, every list under every filter is what follows from the paid orders', async () => {
  const property = fc.asyncProperty(histories(24), readings, async (history, reading) => {
    const stage = await play(world, history)
    const times = [stage.latest, momentInstant(reading.at, stage.anchor, stage.ledger.timeZone)]
    for (const now of times) {
      world.setTime(now)
      await checkLists(stage, customersExpected(stage, reading, now), now)
      await checkLists(stage, ordersExpected(stage, reading, now), now)
    }
    await checkDetails(stage)
  })
  await fc.assert(property, patience(12, 40))
})

function customersExpected({ ledger }: Stage, reading: Reading, now: string): Expected[] {
  const customers = customersOf(ledger)
  return customerQuestions(reading, ledger).map((question) => {
    const found = customersUnder(customers, ledger, question, now)
    const rows = found.map((customer) => wireCustomer(customer, ledger.currency))
    return { path: '/admin/customers', name: 'customers', question, rows, stats: customerStats(found, ledger.currency) }
  })
}

function ordersExpected({ ledger }: Stage, reading: Reading, now: string): Expected[] {
  return orderQuestions(reading, ledger).map((question) => {
    const found = ordersUnder(ledger, question, now)
    const rows = found.map((order) => wireOrder(order, ledger))
    return { path: '/admin/orders', name: 'orders', question, rows, stats: orderStats(found, ledger.currency) }
  })
}

/** Every question whole, and by turns in pages of each size or by its other spelling. */
async function checkLists({ club }: Stage, questions: Expected[], now: string): Promise<void> {
  turn += 1
  for (const [index, expected] of questions.entries()) {
    await asking(expected, now, async () => {
      await checkCompleteList(world, club, expected)
      await others[(index + turn) % others.length]?.(club, expected)
    })
  }
}

async function checkDetails({ club, ledger }: Stage): Promise<void> {
  for (const customer of customersOf(ledger)) {
    const body = expect(200, await world.get(club, `/admin/customers/${customer.id}`))
    const orders = customer.orders.map((order) => wireOrder(order, ledger))
    assert.deepEqual(body, { ...wireCustomer(customer, ledger.currency), orders })
    assert.equal(Object.keys(body).at(-1), 'orders')
  }
}
