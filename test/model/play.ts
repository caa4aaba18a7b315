import assert from 'node:assert/strict'
import { foldDailyTotals } from '../../server/platform/daily-totals.ts'
import { expect, type World } from '../support/world.ts'
import { customersOf, wireCustomer } from './customers.ts'
import type { Act, History } from './history.ts'
import { anchorInstant, momentInstant } from './instants.ts'
import { personalFields, typedText } from './ledger.ts'
import { wireOrder } from './orders.ts'
import { playImport } from './play-import.ts'
import { playPurchase } from './play-purchase.ts'
import { playRefund } from './play-refund.ts'
import { nth, openStage, type Stage, setClock } from './stage.ts'

/** Plays the history in an account of its own. Resolves to where it stands afterwards; acts' own answers are checked. */
export async function play(world: World, history: History): Promise<Stage> {
  const anchor = anchorInstant(history.anchor, history.zone)
  const stage = await openStage(world, history.currency, history.zone, anchor)
  for (const act of history.acts) {
    stage.told += 1
    await playAct(stage, act)
  }
  return stage
}

async function playAct(stage: Stage, act: Act): Promise<void> {
  switch (act.kind) {
    case 'buy':
      return playPurchase(stage, act)
    case 'import':
      return playImport(stage, act.lines, act.isRehearsedAndRepeated)
    case 'edit':
      return edit(stage, act)
    case 'archive':
      return archive(stage, act.order, act.isArchived)
    case 'refund':
    case 'cancel':
      return playRefund(stage, act)
    case 'zone':
      expect(200, await stage.world.send(stage.club, 'PATCH', '/admin/settings', { time_zone: act.zone }))
      stage.ledger.timeZone = act.zone
      return
    case 'rename':
      return rename(stage, act.event)
    case 'fold':
      await foldDailyTotals(stage.world.db)
  }
}

async function edit(stage: Stage, act: Extract<Act, { kind: 'edit' }>): Promise<void> {
  const { world, club, ledger } = stage
  if (ledger.orders.length === 0) return
  const { email, id } = nth(customersOf(ledger), act.customer)
  const at = setClock(stage, momentInstant(act.at, stage.anchor, ledger.timeZone), true)
  const body = act.isWrapped ? { customer: act.fields } : act.fields
  const answer = expect(200, await world.send(club, 'PATCH', `/admin/customers/${id}`, body))
  for (const field of personalFields) {
    const value = act.fields[field]
    if (value !== undefined) ledger.edits.push({ told: stage.told, email, field, value: typedText(value), at })
  }
  const now = customersOf(ledger).find((customer) => customer.email === email)
  assert.deepEqual(answer, now && wireCustomer(now, ledger.currency))
}

async function archive(stage: Stage, index: number, isArchived: boolean): Promise<void> {
  const { world, club, ledger } = stage
  if (ledger.orders.length === 0) return
  const order = nth(ledger.orders, index)
  const path = `/admin/orders/${index % 2 === 0 ? order.publicId : order.orderCode.toLowerCase()}/archival`
  const answer = expect(200, await world.send(club, isArchived ? 'POST' : 'DELETE', path))
  order.archived = isArchived
  assert.deepEqual(answer, wireOrder(order, ledger))
}

async function rename({ world, club, ledger, told }: Stage, index: number): Promise<void> {
  const event = nth(ledger.events, index)
  const slug = `renamed-${told}`
  expect(200, await world.send(club, 'PATCH', `/admin/events/${event.slugs.at(-1)}`, { slug }))
  event.slugs.push(slug)
}
