import { suite } from 'node:test'
import { openPatientBank } from '../../test/races/patient-bank.ts'
import { keepsThePromisesOfAProvider } from '../../test/support/provider-contract.ts'
import { freeProvider } from './free-provider.ts'
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
