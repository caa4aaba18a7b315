import assert from 'node:assert/strict'
import { expect, type Organizer, type World } from '../support/world.ts'
import { asking, checkCompleteList, checkPages, checkSpellings, type Expected } from './check.ts'
import { customerStats, customersOf, customersUnder, wireCustomer } from './customers.ts'
import { orderStats, ordersUnder, wireOrder } from './orders.ts'
import { customerQuestions, orderQuestions, type Reading } from './questions.ts'
import type { Stage } from './stage.ts'

/** Both lists answer every question of the reading as the model does, when it is `now`. */
export async function checkLists(stage: Stage, reading: Reading, now: string): Promise<void> {
  const { world, club } = stage
  world.setTime(now)
  const answers = [...customersExpected(stage, reading, now), ...ordersExpected(stage, reading, now)]
  const left = answers.map(
    (expected, index) => () => checkList(world, club, expected, now, (index + reading.order) % 5),
  )
  await Promise.all(Array.from({ length: 8 }, () => work(left)))
}

export function customersExpected({ ledger }: Stage, reading: Reading, now: string): Expected[] {
  const customers = customersOf(ledger)
  return customerQuestions(reading, ledger).map((question) => {
    const found = customersUnder(customers, ledger, question, now)
    const rows = found.map((customer) => wireCustomer(customer, ledger.currency))
    return { path: '/admin/customers', name: 'customers', question, rows, stats: customerStats(found, ledger.currency) }
  })
}

export function ordersExpected({ ledger }: Stage, reading: Reading, now: string): Expected[] {
  return orderQuestions(reading, ledger).map((question) => {
    const found = ordersUnder(ledger, question, now)
    const rows = found.map((order) => wireOrder(order, ledger))
    return { path: '/admin/orders', name: 'orders', question, rows, stats: orderStats(found, ledger.currency) }
  })
}

/** Does what is left, as others do; where one fails, nothing is begun any more. */
async function work(left: (() => Promise<void>)[]): Promise<void> {
  for (let next = left.shift(); next; next = left.shift()) {
    try {
      await next()
    } catch (error) {
      left.length = 0
      throw error
    }
  }
}

/** In one of five ways: whole, in pages of three sizes, or in both spellings; each question meets all of them over time. */
async function checkList(world: World, club: Organizer, expected: Expected, now: string, way: number): Promise<void> {
  const limit = [1, 7, 100][way]
  await asking(expected, now, async () => {
    if (limit !== undefined) return checkPages(world, club, expected, limit)
    await checkCompleteList(world, club, expected)
    if (way === 4) await checkSpellings(world, club, expected)
  })
}

/** Every customer's own page says the same as the lists, with all their orders. */
export async function checkDetails({ world, club, ledger }: Stage): Promise<void> {
  for (const customer of customersOf(ledger)) {
    const body = expect(200, await world.get(club, `/admin/customers/${customer.id}`))
    const orders = customer.orders.map((order) => wireOrder(order, ledger))
    assert.deepEqual(body, { ...wireCustomer(customer, ledger.currency), orders })
    assert.equal(Object.keys(body).at(-1), 'orders')
  }
}
