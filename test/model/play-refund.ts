import assert from 'node:assert/strict'
import { expect } from '../support/world.ts'
import { amount } from './amount.ts'
import type { Refund } from './history.ts'
import type { OrderFact } from './ledger.ts'
import { wireOrder } from './orders.ts'
import { nth, type Stage } from './stage.ts'

/** Gives money back as the history says, or is refused as contract 3 has it; the answer is the order as it is then. */
export async function playRefund(stage: Stage, act: Refund): Promise<void> {
  if (stage.ledger.orders.length === 0) return
  const order = nth(stage.ledger.orders, act.order)
  const leftMinor = order.totalMinor - order.refundedMinor
  if (act.kind === 'cancel') return cancel(stage, order, leftMinor)
  const minor = act.percent === null ? leftMinor : (leftMinor * BigInt(act.percent)) / 100n
  const body = act.percent === null ? act.nothing : { amount: amount(minor, stage.ledger.currency) }
  const status = leftMinor === 0n ? 409 : minor === 0n || minor > leftMinor ? 422 : 200
  const answer = await post(stage, order, 'refund', body)
  assert.equal(answer.status, status, answer.text)
  if (status !== 200) return
  order.refundedMinor += minor
  assert.deepEqual(answer.body, wireOrder(order, stage.ledger))
}

async function cancel(stage: Stage, order: OrderFact, leftMinor: bigint): Promise<void> {
  if (order.cancelled) return void expect(409, await post(stage, order, 'cancellation'))
  // Whether what was given back whole can be cancelled as well is not settled.
  if (leftMinor === 0n && order.totalMinor > 0n) return
  const answer = expect(200, await post(stage, order, 'cancellation'))
  order.cancelled = true
  order.refundedMinor = order.totalMinor
  assert.deepEqual(answer, wireOrder(order, stage.ledger))
}

const post = ({ world, club }: Stage, order: OrderFact, act: 'refund' | 'cancellation', body?: unknown) =>
  world.send(club, 'POST', `/admin/orders/${order.publicId}/${act}`, body)
