import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startFakeStripeProcess } from './process.ts'
import { paidSession, stripeAt, twoTickets } from './sample-sale.ts'

test('a bank that was killed opens again with the same books and remembers its keys', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fakestripe-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const statePath = join(folder, 'state.ndjson')
  const key = { idempotencyKey: 'order:2' }
  const before = await startFakeStripeProcess({ statePath })
  const stripe = stripeAt(before.url)
  const { session, paymentIntent } = await paidSession(before, stripe)
  await stripe.refunds.create({ payment_intent: paymentIntent, amount: 1000 })
  const open = await stripe.checkout.sessions.create(twoTickets, key)
  const gone = await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/', enabled_events: ['charge.failed'] })
  await stripe.webhookEndpoints.del(gone.id)
  const ledger = await before.ledger()

  await before.kill()
  appendFileSync(statePath, '{"account":"acct_half')
  const again = await startFakeStripeProcess({ statePath })

  const reopened = stripeAt(again.url)
  assert.deepEqual(await again.ledger(), ledger)
  assert.equal((await reopened.checkout.sessions.retrieve(session.id)).status, 'complete')
  assert.equal((await reopened.checkout.sessions.create(twoTickets, key)).id, open.id)
  assert.deepEqual((await reopened.webhookEndpoints.list()).data, [])
  assert.equal((await again.pay(open.id)).outcome, 'complete')
})
