import type { PaymentProvider } from '../../server/payments/provider.ts'

/** A way to pay that keeps its promises and its books, and lets a test do something while it is being asked. */
export interface PatientBank {
  provider: PaymentProvider
  /** Awaited after the money was taken and before the answer; for one charge only. */
  duringNextCharge(act: (answer: (outcome: 'pending') => void) => Promise<void>): void
  /** Awaited before the money goes back; for one time only. */
  duringNextGiveBack(act: () => Promise<void>): void
  /** Minor units that were taken and have not been given back. */
  keptMinor(): bigint
}

export function openPatientBank(name: string): PatientBank {
  const taken = new Map<string, bigint>()
  const refunds = new Map<string, bigint>()
  let duringCharge: Parameters<PatientBank['duringNextCharge']>[0] | undefined
  let duringGiveBack: (() => Promise<void>) | undefined

  const provider: PaymentProvider = {
    name,
    takes: (amountMinor) => amountMinor > 0n,
    async charge({ idempotencyKey, amountMinor }) {
      const reference = `${name}:${idempotencyKey}`
      taken.set(reference, taken.get(reference) ?? amountMinor)
      let status: 'succeeded' | 'pending' = 'succeeded'
      const act = duringCharge
      duringCharge = undefined
      await act?.((outcome) => {
        status = outcome
      })
      return { status, reference }
    },
    find: async (reference) => ({ status: 'succeeded', reference }),
    close: async () => {},
    listRefunds: async () => [],
    async refund({ idempotencyKey, amountMinor }) {
      const act = duringGiveBack
      duringGiveBack = undefined
      await act?.()
      refunds.set(idempotencyKey, amountMinor)
      return { status: 'succeeded', reference: `${name}:${idempotencyKey}` }
    },
  }
  return {
    provider,
    duringNextCharge: (act) => {
      duringCharge = act
    },
    duringNextGiveBack: (act) => {
      duringGiveBack = act
    },
    keptMinor: () => {
      return sumOf([...taken.values()]) - sumOf([...refunds.values()])
    },
  }
}

const sumOf = (amounts: bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n)
