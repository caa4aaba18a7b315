import type { ChargeOutcome, PaymentProvider } from '../../server/payments/provider.ts'

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
  const givenBack = new Set<string>()
  const refunds = new Map<string, bigint>()
  let duringCharge: Parameters<PatientBank['duringNextCharge']>[0] | undefined
  let duringGiveBack: (() => Promise<void>) | undefined

  const provider: PaymentProvider = {
    name,
    takes: (amountMinor) => amountMinor > 0n,
    async charge({ idempotencyKey, amountMinor }) {
      const reference = `${name}:${idempotencyKey}`
      taken.set(reference, taken.get(reference) ?? amountMinor)
      let status: ChargeOutcome['status'] = 'succeeded'
      const act = duringCharge
      duringCharge = undefined
      await act?.((outcome) => {
        status = outcome
      })
      return { status, reference }
    },
    async giveBack(reference) {
      const act = duringGiveBack
      duringGiveBack = undefined
      await act?.()
      givenBack.add(reference)
    },
    async refund({ idempotencyKey, amountMinor }) {
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
      const kept = [...taken].filter(([reference]) => !givenBack.has(reference)).map(([, amount]) => amount)
      return sumOf(kept) - sumOf([...refunds.values()])
    },
  }
}

const sumOf = (amounts: bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n)
