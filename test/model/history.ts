import fc from 'fast-check'
import { type Anchor, landmarks, type Moment, zones } from './instants.ts'
import type { PersonalField } from './ledger.ts'
import { addresses, companies, names, phones, salutations, titles } from './people.ts'

/** What happens in one account, told so that it can be played and shrunk. Fields that are undefined are not sent. */
export interface History {
  currency: string
  zone: string
  anchor: Anchor
  acts: Act[]
}

type Buyer = Partial<Record<PersonalField, string | null>>

export interface Buy {
  kind: 'buy'
  at: Moment
  email: { stored: string; typed: string }
  buyer: Buyer
  consent: boolean
  event: number
  /** Of each ticket type. */
  quantities: number[]
  ending: 'paid' | 'declinedThenPaid' | 'declined' | 'pending' | 'abandoned' | 'left'
  secondsToPay: number
}

export interface ImportLine {
  at: Moment
  email: { stored: string; typed: string }
  buyer: Pick<Buyer, 'name' | 'company' | 'phone'>
  consent: boolean | null | undefined
  event: number
  items: { title: number; minor: number; quantity: number }[]
  /** Percent of the total, one refund each. */
  refunds: number[]
  secondsToPay: number
  isWrittenWithOffset: boolean
}

export type Refund =
  /** Percent of what is left; null: all, said by a body that says nothing. */
  | { kind: 'refund'; order: number; percent: number | null; nothing: null | undefined | Record<string, never> }
  | { kind: 'cancel'; order: number }

export type Act =
  | Buy
  | { kind: 'import'; lines: ImportLine[]; isRehearsedAndRepeated: boolean }
  | { kind: 'edit'; at: Moment; customer: number; fields: Buyer; isWrapped: boolean }
  | Refund
  | { kind: 'archive'; order: number; isArchived: boolean }
  | { kind: 'zone'; zone: string }
  | { kind: 'rename'; event: number }
  | { kind: 'fold' }

const seconds = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(0, -1, 1) },
  { weight: 2, arbitrary: fc.constantFrom(1799, 1800, -1800, 3599, 3600, -3600, -3601, 7200, 86_400, -86_400) },
  { weight: 1, arbitrary: fc.integer({ min: -400 * 86_400, max: 3 * 86_400 }) },
)
const at: fc.Arbitrary<Moment> = fc.record({ landmark: fc.constantFrom(...landmarks), seconds })

export const anchors: fc.Arbitrary<Anchor> = fc.record({
  year: fc.constantFrom(2026, 2025, 2027, 2028, 2024, 2021, 2011),
  kind: fc.constantFrom('dayOfYear', 'newYear', 'clocksForward', 'clocksBack'),
  day: fc.integer({ min: 0, max: 364 }),
  seconds: fc.constantFrom(0, 1, -1, 1800, 3599, 3600, -3600, 40_000),
})

const email = fc.constantFrom(
  ...Object.entries(addresses).flatMap(([stored, spellings]) => spellings.map((typed) => ({ stored, typed }))),
)
const buyer: fc.Arbitrary<Buyer> = fc.record({
  name: fc.constantFrom(...names),
  company: fc.constantFrom(...companies),
  phone: fc.constantFrom(...phones),
  salutation: fc.constantFrom(...salutations),
  title: fc.constantFrom(...titles),
})

export const buys: fc.Arbitrary<Buy> = fc.record({
  kind: fc.constant('buy'),
  at,
  email,
  buyer,
  consent: fc.boolean(),
  event: fc.nat({ max: 2 }),
  quantities: fc.constantFrom([1, 0, 0], [0, 0, 1], [2, 0, 0], [0, 3, 0], [1, 0, 2], [2, 1, 1]),
  ending: fc.constantFrom(
    'paid',
    'paid',
    'paid',
    'paid',
    'paid',
    'declinedThenPaid',
    'declined',
    'pending',
    'abandoned',
    'left',
  ),
  secondsToPay: fc.constantFrom(0, 0, 1, 59, 800),
})

const importLine: fc.Arbitrary<ImportLine> = fc.record({
  at,
  email,
  buyer: fc.record({
    name: fc.constantFrom(...names),
    company: fc.constantFrom(...companies),
    phone: fc.constantFrom(...phones),
  }),
  consent: fc.constantFrom(true, false, null, undefined),
  event: fc.nat({ max: 2 }),
  items: fc.array(
    fc.record({
      title: fc.nat({ max: 3 }),
      minor: fc.constantFrom(0, 1, 2100, 999_999, 10_000_000_000),
      quantity: fc.constantFrom(1, 2, 17),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  refunds: fc.constantFrom([], [], [50], [100], [1, 98], [30, 70], [100, 100]),
  secondsToPay: fc.constantFrom(0, 1, 86_400),
  isWrittenWithOffset: fc.boolean(),
})

const refund: fc.Arbitrary<Refund> = fc.oneof(
  fc.record({
    kind: fc.constant('refund'),
    order: fc.nat({ max: 20 }),
    percent: fc.constantFrom(50, 1, 100, 101, 0, null),
    nothing: fc.constantFrom(undefined, null, {}),
  }),
  fc.record({ kind: fc.constant('cancel'), order: fc.nat({ max: 20 }) }),
)

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: buys },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('import'),
      lines: fc.array(importLine, { minLength: 1, maxLength: 8, size: 'max' }),
      isRehearsedAndRepeated: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit'),
      at,
      customer: fc.nat({ max: 20 }),
      fields: buyer,
      isWrapped: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('archive'), order: fc.nat({ max: 20 }), isArchived: fc.boolean() }),
  },
  { weight: 3, arbitrary: refund },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('zone'), zone: fc.constantFrom(...zones) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename'), event: fc.nat({ max: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fold') }) },
)

/** Histories of up to `maxActs` acts, as many as fast-check likes to begin with. */
export function histories(maxActs: number): fc.Arbitrary<History> {
  return fc.record({
    currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    zone: fc.constantFrom(...zones),
    anchor: anchors,
    acts: fc.array(act, { minLength: 1, maxLength: maxActs, size: 'max' }),
  })
}
