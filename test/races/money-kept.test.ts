import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../../server/accounts/account.ts'
import { findAccountBySubdomain } from '../../server/accounts/queries.ts'
import { payCheckout } from '../../server/checkout/pay-checkout.ts'
import { Refusal } from '../../server/platform/refusal.ts'
import { expect, type Organizer, openWorld } from '../support/world.ts'
import { openPatientBank, type PatientBank } from './patient-bank.ts'

/** What a buyer's bank keeps is the price of what they got, whatever else happens while it is being asked. */

const world = await openWorld()

test('an ordinary payment is kept once, however often it is confirmed', async () => {
  const { pay, bank, orders } = await lastPlace()

  assert.equal(await pay(), 'paid')
  assert.equal(await pay(), 'paid')

  assert.equal(bank.keptMinor(), 2100n)
  assert.equal(await orders(), 1)
})

test('money for places that others took meanwhile goes back', async () => {
  const { pay, bank, orders, takenByOthers } = await lastPlace()

  bank.duringNextCharge(() => takenByOthers())

  assert.match(await pay(), /sold out .*given back/)
  assert.equal(bank.keptMinor(), 0n)
  assert.equal(await orders(), 0)
})

test('who pays again after their money went back pays with new money', async () => {
  const { pay, bank, orders, takenByOthers, freedByOthers } = await lastPlace()
  bank.duringNextCharge(() => takenByOthers())
  await pay()
  await freedByOthers()

  assert.equal(await pay(), 'paid')

  assert.equal(await orders(), 1)
  assert.equal(bank.keptMinor(), 2100n)
})

test('a second confirmation does not turn money that is going back into an order', async () => {
  const { pay, bank, orders, takenByOthers, freedByOthers } = await lastPlace()
  bank.duringNextCharge(() => takenByOthers())
  let second: Promise<string> | undefined
  bank.duringNextGiveBack(async () => {
    await freedByOthers()
    second = pay()
    await Promise.race([second, afterTurns()])
  })

  await pay()
  await second

  assert.equal(bank.keptMinor(), BigInt(await orders()) * 2100n)
})

test('of two ways to pay used at once one keeps its money', async () => {
  const { pay, bank, orders } = await lastPlace()
  const other = openPatientBank('other')

  bank.duringNextCharge(async () => {
    await pay(other)
  })
  await pay()

  assert.equal(await orders(), 1)
  assert.equal(bank.keptMinor() + other.keptMinor(), 2100n)
})

test('a late word that the payment is pending does not undo that it succeeded', async () => {
  const { account, pay, bank } = await lastPlace()

  bank.duringNextCharge(async (answer) => {
    answer('pending')
    assert.equal(await pay(), 'paid')
  })
  await pay()

  const rows = await world.db`select status from payments where account_id = ${account.id}`
  assert.deepEqual(
    rows.map((row) => row.status),
    ['succeeded'],
  )
})

/** A buyer in front of an event's last place of 21.00, and a bank to pay it with. */
async function lastPlace() {
  world.setTime('2026-04-22T12:00:00Z')
  const club = await world.organizer()
  const account = await accountOf(club)
  const { slug, ticketId } = await world.event(club, { stock: 1 })
  const bank = openPatientBank('bank')
  const order = { event_slug: slug, items: [{ ticket_id: ticketId, quantity: 1 }] }
  const begin = async () => expect(201, await world.shop(club, 'POST', '/checkouts', order)).public_id
  const checkout = await begin()
  expect(200, await world.shop(club, 'PATCH', `/checkouts/${checkout}`, { buyer: { email: 'jane@example.com' } }))
  let others = ''
  return {
    account,
    bank,
    pay: (at: PatientBank = bank) => payAt(at, account, checkout),
    takenByOthers: async () => {
      world.setTime('2026-04-22T13:00:00Z')
      others = await begin()
    },
    freedByOthers: async () => {
      expect(204, await world.shop(club, 'DELETE', `/checkouts/${others}`))
    },
    orders: async () => (await world.db`select from orders where account_id = ${account.id}`).length,
  }
}

/** "paid", "pending", or why not. */
async function payAt(bank: PatientBank, account: Account, checkout: string): Promise<string> {
  const providersFor = () => [bank.provider]
  const choice = {
    providerName: bank.provider.name,
    options: {},
    providersFor,
    holdMinutes: 15,
    shopUrl: 'http://club.test',
  }
  try {
    return (await payCheckout(world.db, account, checkout, choice, world.now)).status
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

async function accountOf(club: Organizer): Promise<Account> {
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  assert.ok(account)
  return account
}

/** Long enough for an act that waits for nobody. */
async function afterTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await world.db`select 1`
}
