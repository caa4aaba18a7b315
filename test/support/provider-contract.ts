import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChargeRequest, PaymentProvider } from '../../server/payments/provider.ts'
import { Refusal } from '../../server/platform/refusal.ts'

/** A provider, and what it takes to get each answer out of it. What it does not have is left out. */
export interface Candidate {
  provider: PaymentProvider
  amount: { taken: bigint; notTaken: bigint }
  options: {
    succeed: Record<string, unknown>
    decline?: Record<string, unknown>
    pend?: Record<string, unknown>
    unknown?: Record<string, unknown>
  }
  /** What it took and has not given back, in minor units; of a provider that moves no money: left out. */
  keptMinor?: () => bigint | Promise<bigint>
}

/** Registers one test for each promise that every way of paying makes. `open` gives a candidate that nobody has used. */
export function keepsThePromisesOfAProvider(open: () => Candidate | Promise<Candidate>): void {
  let count = 0
  const begin = async () => {
    const candidate = await open()
    const charge = (idempotencyKey: string, options = candidate.options.succeed) =>
      candidate.provider.charge(requestFor(candidate, idempotencyKey, options))
    const assertKept = async (amount: bigint) => {
      if (candidate.keptMinor) assert.equal(await candidate.keptMinor(), amount)
    }
    return { ...candidate, charge, assertKept, key: `checkout:${++count}:1` }
  }

  test('says for which amounts it is', async () => {
    const { provider, amount } = await begin()
    assert.deepEqual([provider.takes(amount.taken), provider.takes(amount.notTaken)], [true, false])
  })

  test('takes the money and answers with a reference of its own for each key', async () => {
    const { charge, amount, assertKept, key } = await begin()
    const first = await charge(key)
    const second = await charge(`${key}:other`)
    assert.ok(first.status === 'succeeded' && second.status === 'succeeded')
    assert.notEqual(first.reference, '')
    assert.notEqual(first.reference, second.reference)
    await assertKept(amount.taken * 2n)
  })

  test('charges the same key once and answers the same, one after another and at once', async () => {
    const { charge, amount, assertKept, key } = await begin()
    const first = await charge(key)
    const others = await Promise.all(Array.from({ length: 10 }, () => charge(key)))
    for (const other of others) assert.deepEqual(other, first)
    await assertKept(amount.taken)
  })

  test('takes nothing where it declines, says why, and takes it with another key', async (t) => {
    const { charge, options, amount, assertKept, key } = await begin()
    if (!options.decline) return t.skip('never declines')
    const declined = await charge(key, options.decline)
    assert.ok(declined.status === 'declined')
    assert.match(declined.message, /\w/)
    await assertKept(0n)
    assert.equal((await charge(`${key}:again`)).status, 'succeeded')
    await assertKept(amount.taken)
  })

  test('answers the same reference while a payment is pending', async (t) => {
    const { charge, options, key } = await begin()
    if (!options.pend) return t.skip('is never pending')
    const pending = await charge(key, options.pend)
    assert.ok(pending.status === 'pending')
    assert.deepEqual(await charge(key, options.pend), pending)
  })

  test('refuses options that it does not know and takes nothing', async (t) => {
    const { charge, options, assertKept, key } = await begin()
    if (!options.unknown) return t.skip('has no options')
    await assert.rejects(charge(key, options.unknown), (error) => error instanceof Refusal && error.status === 422)
    await assertKept(0n)
  })

  test('gives back everything, once, however often it is told', async () => {
    const { provider, charge, assertKept, key } = await begin()
    const charged = await charge(key)
    assert.ok(charged.status === 'succeeded')
    await provider.giveBack(charged.reference)
    await Promise.all([provider.giveBack(charged.reference), provider.giveBack(charged.reference)])
    await assertKept(0n)
  })

  test('refunds the same key once and answers the same', async (t) => {
    const { provider, charge, amount, assertKept, key } = await begin()
    const charged = await charge(key)
    assert.ok(charged.status === 'succeeded')
    if (amount.taken < 3n) return t.skip('has nothing to refund')
    const refund = (idempotencyKey: string) =>
      provider.refund({ idempotencyKey, paymentReference: charged.reference, amountMinor: amount.taken / 3n, currency })
    const first = await refund(`refund:${key}:1`)
    assert.deepEqual(await refund(`refund:${key}:1`), first)
    const second = await refund(`refund:${key}:2`)
    assert.notEqual(second.reference, first.reference)
    await assertKept(amount.taken - 2n * (amount.taken / 3n))
  })
}

const currency = 'EUR'

function requestFor({ amount }: Candidate, idempotencyKey: string, options: Record<string, unknown>): ChargeRequest {
  return { idempotencyKey, amountMinor: amount.taken, currency, options }
}
