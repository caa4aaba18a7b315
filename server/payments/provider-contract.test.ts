import { suite } from 'node:test'
import { openPatientBank } from '../../test/races/patient-bank.ts'
import { openShop } from '../../test/support/fakestripe/sample-sale.ts'
import { keepsThePromisesOfAProvider } from '../../test/support/provider-contract.ts'
import { freeProvider } from './free-provider.ts'
import { stripeProvider } from './stripe-provider.ts'
import { testProvider } from './test-provider.ts'

suite('the provider "free"', () => {
  keepsThePromisesOfAProvider(() => ({
    provider: freeProvider,
    amount: { taken: 0n, notTaken: 1n },
    options: { succeed: {} },
  }))
})

suite('the provider "test"', () => {
  keepsThePromisesOfAProvider(() => ({
    provider: testProvider,
    amount: { taken: 2100n, notTaken: 0n },
    options: {
      succeed: { outcome: 'succeed' },
      decline: { outcome: 'decline' },
      pend: { outcome: 'pend' },
      unknown: { outcome: 'explode' },
    },
  }))
})

const card = '4242424242424242'

suite('the provider "stripe"', async () => {
  const { fake } = await openShop()
  keepsThePromisesOfAProvider(async () => {
    await fake.reset()
    return {
      provider: stripeProvider({ secretKey: 'sk_test_shop', apiUrl: fake.url }),
      amount: { taken: 2100n, notTaken: 49n },
      options: { succeed: {} },
      visit: async ({ reference }) => {
        await fake.pay(reference, card)
      },
      keptMinor: async () => BigInt((await fake.ledger()).totals.eur?.net ?? 0),
    }
  })
})

// The bank of the race tests must keep what it says, or they would prove nothing.
suite('the bank that the race tests pay with', () => {
  keepsThePromisesOfAProvider(() => {
    const bank = openPatientBank('bank')
    return {
      provider: bank.provider,
      amount: { taken: 2100n, notTaken: 0n },
      options: { succeed: {} },
      keptMinor: bank.keptMinor,
    }
  })
})
