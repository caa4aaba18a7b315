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
  /** Does what the buyer does at `redirectUrl`. */
  visit?: (page: { reference: string; redirectUrl: string }, options: Record<string, unknown>) => Promise<void>
  /** What it took and has not given back, in minor units; of a provider that moves no money: left out. */
  keptMinor?: () => bigint | Promise<bigint>
}

/** Registers one test for each promise that every way of paying makes. `open` gives a candidate that nobody has used. */
export function keepsThePromisesOfAProvider(open: () => Candidate | Promise<Candidate>): void {
  let count = 0
  const begin = async () => {
    const candidate = await open()
    /** What came of it in the end, where the buyer has to do something first. */
    const charge = async (idempotencyKey: string, options = candidate.options.succeed) => {
      const { provider, visit } = candidate
      const outcome = await provider.charge(requestFor(candidate, idempotencyKey, options))
      if (outcome.status !== 'requires_action' || !visit) return outcome
      await visit(outcome, options)
      return provider.find(outcome.reference)
    }
    const assertKept = async (amount: bigint) => {
      if (candidate.keptMinor) assert.equal(await candidate.keptMinor(), amount)
    }
    return { ...candidate, charge, assertKept, key: `checkout:${++count}:1` }
  }

  test('says for which amounts it is', async () => {
    const { provider, amount } = await begin()
    const takes = (minor: bigint) => provider.takes(minor, currency)
    assert.deepEqual([takes(amount.taken), takes(amount.notTaken)], [true, false])
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
    const { provider, charge, amount, assertKept, key } = await begin()
    const charged = await charge(key)
    assert.ok(charged.status === 'succeeded')
    const request = { idempotencyKey: `return:${key}`, paymentReference: charged.reference, amountMinor: amount.taken }
    const giveBack = () => provider.refund({ ...request, currency })
    const first = await giveBack()
    for (const other of await Promise.all([giveBack(), giveBack()])) assert.deepEqual(other, first)
    await assertKept(0n)
  })

  test('finds what has become of a payment, as often as it is asked', async () => {
    const { provider, visit, charge, key } = await begin()
    const charged = await charge(key)
    assert.ok(charged.status === 'succeeded')
    assert.deepEqual(await charge(key), charged)
    if (!visit) assert.deepEqual(await provider.find(charged.reference), charged)
  })

  test('takes no money where the buyer comes after it was closed, and keeps what came before', async (t) => {
    const { provider, visit, amount, options, assertKept, key, ...candidate } = await begin()
    if (!visit) return t.skip('has no page')
    const request = (name: string) => requestFor({ provider, amount, options, ...candidate }, name, options.succeed)
    const [paid, closed] = [await provider.charge(request(key)), await provider.charge(request(`${key}:closed`))]
    assert.ok(paid.status === 'requires_action' && closed.status === 'requires_action')
    await visit(paid, options.succeed)
    for (const page of [paid, closed, closed]) await provider.close(page.reference)
    await visit(closed, options.succeed)
    assert.equal((await provider.find(closed.reference)).status, 'declined')
    assert.equal((await provider.find(paid.reference)).status, 'succeeded')
    await assertKept(amount.taken)
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
/** Unix seconds; the same request has the same end. */
const startedAt = Math.floor(Date.now() / 1000)

function requestFor({ amount }: Candidate, idempotencyKey: string, options: Record<string, unknown>): ChargeRequest {
  const purchase = {
    ...{ name: 'c1', description: 'Spring Showcase', email: 'jane@example.com', locale: 'en' as const },
    ...{ returnUrl: 'http://shop.test/return', cancelUrl: 'http://shop.test/', expiresAt: startedAt + 35 * 60 },
  }
  return { idempotencyKey, amountMinor: amount.taken, currency, options, purchase }
}
