import { test } from 'node:test'
import fc from 'fast-check'
import type { ImportPhase } from '../../server/imports/progress.ts'
import { checkDetails, checkLists } from '../model/check-lists.ts'
import type { Buy, ImportLine } from '../model/history.ts'
import { patience } from '../model/patience.ts'
import { importMeanwhile } from '../model/play-import.ts'
import { playPurchase } from '../model/play-purchase.ts'
import { glances, type Reading } from '../model/questions.ts'
import { openStage, setClock } from '../model/stage.ts'
import { openWorld } from '../support/world.ts'

const world = await openWorld()

const people = ['ann', 'bob', 'cem', 'dua'].map((name) => ({
  stored: `${name}@example.com`,
  typed: `${name}@example.com`,
}))
const buy: Buy = {
  kind: 'buy',
  at: { landmark: 'anchor', seconds: 0 },
  email: { stored: 'ann@example.com', typed: 'ann@example.com' },
  buyer: {},
  consent: false,
  event: 0,
  quantities: [1, 0, 0],
  ending: 'paid',
  secondsToPay: 0,
}
const line: ImportLine = {
  ...buy,
  buyer: {},
  at: { landmark: 'day', seconds: 0 },
  items: [{ title: 3, minor: 100, quantity: 2 }],
  refunds: [50],
  isWrittenWithOffset: false,
}
const person = fc.record({
  email: fc.constantFrom(...people),
  buyer: fc.record({ name: fc.constantFrom('Ann', 'Bob', ''), company: fc.constantFrom('A Ltd', null) }),
  consent: fc.boolean(),
  event: fc.nat({ max: 2 }),
})
const purchases: fc.Arbitrary<Buy> = fc
  .tuple(person, fc.constantFrom<number[]>([1, 0, 0], [0, 0, 1]))
  .map(([who, quantities]) => ({ ...buy, ...who, quantities }))
const lines: fc.Arbitrary<ImportLine> = fc
  .tuple(
    person,
    fc.constantFrom<ImportLine['at']['landmark']>('day', 'year'),
    fc.constantFrom<number[]>([], [50], [100]),
  )
  .map(([who, landmark, refunds]) => ({ ...line, ...who, at: { landmark, seconds: -1 }, refunds }))

const phases = { before: [], reading: [], orders: [], customers: [] }
/** Who buys before the import, and at each of its steps; with customers half written, nobody is waited for. */
const sales = fc.record({
  before: fc.array(purchases, { maxLength: 2 }),
  reading: fc.array(purchases, { maxLength: 2 }),
  orders: fc.array(purchases, { maxLength: 3 }),
  customers: fc.array(purchases, { maxLength: 2 }),
})

test('whoever buys while an import is at any of its steps is one customer, with all their orders and every sum exact', async () => {
  const { within, parameters } = patience(20, 6)
  const property = async (file: ImportLine[], selling: Record<ImportPhase | 'before', Buy[]>, reading: Reading) => {
    const stage = await openStage(world, 'EUR', 'Europe/Berlin', '2026-01-01T11:00:00Z')
    setClock(stage, stage.anchor)
    const begun: Promise<void>[] = []
    const left = structuredClone(selling)
    const sell = async (phase: ImportPhase | 'before') => {
      for (const act of left[phase].splice(0)) {
        const bought = playPurchase(stage, act)
        begun.push(bought)
        if (phase !== 'customers') await bought
      }
    }
    await sell('before')
    await importMeanwhile(stage, file, (_count, phase) => sell(phase))
    await Promise.all(begun)
    await checkLists(stage, reading, stage.anchor)
    await checkDetails(stage)
  }
  const glance: Reading = { at: null, periods: ['all'], queries: [], order: 0 }
  const examples: [ImportLine[], Record<keyof typeof phases, Buy[]>, Reading][] = [
    [[line], { ...phases, orders: [buy] }, glance],
  ]
  const files = fc.array(lines, { minLength: 1, maxLength: 6 })
  await fc.assert(fc.asyncProperty(files, sales, glances, within(property)), { ...parameters, examples })
})
