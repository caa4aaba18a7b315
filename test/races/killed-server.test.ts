import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ServerProcess, startServerHere, startServerProcess } from '../support/server-process.ts'
import { makeTwin } from '../support/twin.ts'
import { expect, type Organizer, openWorld } from '../support/world.ts'
import { assertSumsHold } from './broken-sums.ts'
import { until } from './queue-up.ts'
import { type Item, type ShopAnswer, type ShopClient, shopClient } from './shop-client.ts'

const world = await openWorld()
const start = { databaseUrl: world.url }
const survivor = await startServerHere(start)
const places = 40

test('after a server was killed every order that a buyer was told of is there once, and its places are free again', async () => {
  const { club, events, told, written } = await killInTheMiddle(await startServerProcess(start))
  const shop = shopClient([survivor], club)

  await holdsOver(club)
  const rest = await Promise.all(events.map(async (event) => shop.begin(event.slug, await everythingLeft(event))))

  assert.ok(told.length >= 20)
  assert.deepEqual(written, told)
  assert.deepEqual(
    rest.map((answer) => answer.status),
    [201, 201, 201],
  )
  await assertSumsHold(world.db, club)
})

test('places stay lost where nobody frees the holds that ran out', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is source code
  const guard = 'expires_at <= ${hold.now} and exists'
  const instead = guard.replace('hold.now', 'new Date(0)')
  const root = await makeTwin({ file: 'server/ticketing/queries.ts', guard, instead })
  const club = await clubWithShortHolds()
  const event = await world.event(club, { stock: places })
  const forgetful = shopClient([await startServerHere({ ...start, root })], club)
  const all = await everythingLeft(event)

  const first = await forgetful.begin(event.slug, all)
  await holdsOver(club)
  const second = await forgetful.begin(event.slug, all)
  const third = await shopClient([survivor], club).begin(event.slug, all)

  assert.deepEqual([first.status, second.status, third.status], [201, 409, 201])
})

async function clubWithShortHolds(): Promise<Organizer> {
  const club = await world.organizer()
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { hold_minutes: 0.015 }))
  return club
}

/** Until no place is held any more, by the servers' clock of whole seconds: here time itself is the point. */
async function holdsOver(club: Organizer): Promise<void> {
  await until(async () => {
    const held = await world.db`
      select from holds where account_id = ${club.id} and expires_at > date_trunc('second', clock_timestamp())`
    return held.length === 0
  })
}

async function everythingLeft({ id, ticketId }: { id: number; ticketId: number }): Promise<Item[]> {
  const sold = await world.db`select from tickets where event_id = ${id}`
  return [{ ticket_id: ticketId, quantity: places - sold.length }]
}

/**
 * Twelve people buy at two servers. One is killed at the moment when it has told the sixth that they paid; who was there
 * goes on at the other with the checkout that they have. Resolves to the orders that buyers know of and those that exist.
 */
async function killInTheMiddle(victim: ServerProcess) {
  const club = await clubWithShortHolds()
  const titles = ['Rock', 'Jazz', 'Folk']
  const events = await Promise.all(titles.map((title) => world.event(club, { title, stock: places })))
  const safe = shopClient([survivor], club)
  const doomed = shopClient([victim], club)
  const told = new Set<string>()
  let toldByVictim = 0
  let killed: Promise<void> | undefined
  const buyer = async (_: unknown, index: number) => {
    for (let turn = 0; turn < 3; turn++) {
      const { slug, ticketId } = events[(index + turn) % events.length] ?? { slug: '', ticketId: 0 }
      const isAtVictim = index % 2 === 0 && !killed
      const paid = await buy(isAtVictim ? doomed : safe, safe, slug, ticketId, `buyer-${index}@example.com`)
      if (isAtVictim && paid.body.order && ++toldByVictim === 6) killed = victim.kill()
      told.add(paid.body.order?.public_id ?? `${paid.status} ${JSON.stringify(paid.body)}`)
    }
  }
  await Promise.all(Array.from({ length: 12 }, buyer))
  await killed
  const orders = await world.db<{ publicId: string }[]>`select public_id from orders where account_id = ${club.id}`
  return { club, events, told: [...told].sort(), written: orders.map((order) => order.publicId).sort() }
}

/** Where no answer comes, the same is asked of the other server: of a checkout that was begun, only to pay for it. */
async function buy(
  here: ShopClient,
  there: ShopClient,
  slug: string,
  ticketId: number,
  email: string,
): Promise<ShopAnswer> {
  const items = [{ ticket_id: ticketId, quantity: 1 }]
  const checkout = await here.readyToPay(slug, items, email).catch(() => there.readyToPay(slug, items, email))
  return here.pay(checkout).catch(() => there.pay(checkout))
}
