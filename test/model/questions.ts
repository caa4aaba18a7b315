import fc from 'fast-check'
import type { Question } from './check.ts'
import { landmarks, type Moment } from './instants.ts'
import type { Ledger } from './ledger.ts'
import { queries } from './people.ts'

/** What is asked after a history was played. */
export interface Reading {
  /** When it is asked; null: at the latest time that something happened. */
  at: Moment | null
  periods: (string | undefined)[]
  queries: string[]
  /** Which order's codes are searched for. */
  order: number
}

/** Each period in one of its spellings, none at all, and some of the searches. */
export const readings: fc.Arbitrary<Reading> = fc.record({
  at: fc.option(
    fc.record({ landmark: fc.constantFrom(...landmarks), seconds: fc.constantFrom(0, 1, -1, 3600, 50_000) }),
  ),
  periods: fc.tuple(
    fc.constant('today'),
    fc.constantFrom('this_week', 'week'),
    fc.constantFrom('this_month', 'month', undefined, ''),
    fc.constantFrom('this_year', 'year'),
    fc.constantFrom('all_time', 'all'),
  ),
  queries: fc.uniqueArray(fc.constantFrom(...queries), { minLength: 3, maxLength: 3 }),
  order: fc.nat({ max: 20 }),
})

/** Few questions, where what was played says more than what is asked. */
export const glances: fc.Arbitrary<Reading> = fc
  .nat({ max: 20 })
  .map((order) => ({ at: null, periods: ['today', 'this_year', 'all'], queries: [], order }))

/** No event, and each event by one of the names that it has had. */
function slugsOf({ order }: Reading, { events }: Ledger): (string | undefined)[] {
  return [order % 5 === 0 ? '' : undefined, ...events.map(({ slugs }) => slugs[order % slugs.length])]
}

/**
 * Every combination of the reading's periods, events, searches and consent. Of these a third is asked, another one for
 * each reading; all of them where PROPERTY_QUESTIONS is "all".
 */
export function customerQuestions(reading: Reading, ledger: Ledger): Question[] {
  return chosen(reading, {
    period: reading.periods,
    event_slug: slugsOf(reading, ledger),
    query: [undefined, ...reading.queries],
    marketing_only: [[undefined, '0', '', 'false'][reading.order % 4], reading.order % 2 === 0 ? '1' : 'true'],
  })
}

/** Likewise for orders, whose codes and references can be searched as well. */
export function orderQuestions(reading: Reading, ledger: Ledger): Question[] {
  return chosen(reading, {
    period: reading.periods,
    event_slug: slugsOf(reading, ledger),
    query: [undefined, ...reading.queries.slice(0, 1), orderReference(reading.order, ledger)],
    include_archived: [reading.order % 2 === 0 ? undefined : '0', '1'],
  })
}

/** One of the ways to name one order. */
function orderReference(index: number, ledger: Ledger): string {
  const order = ledger.orders[index % ledger.orders.length]
  if (!order) return '@summer-ball'
  const { orderCode, checkInCodes, publicId, ticketPublicIds, paymentReference, event } = order
  const ways = [
    orderCode.toLowerCase(),
    `${orderCode.slice(0, 4)}-${orderCode.slice(4)}`,
    checkInCodes[0],
    publicId.toUpperCase(),
    ticketPublicIds[0],
    paymentReference ?? publicId,
    `@${event.slugs[0]}`,
  ]
  return ways[index % ways.length] ?? orderCode
}

function chosen(reading: Reading, choices: Record<string, (string | undefined)[]>): Question[] {
  const isAll = process.env.PROPERTY_QUESTIONS === 'all'
  return combine(choices).filter((_question, index) => isAll || (index + reading.order) % 3 === 0)
}

function combine(choices: Record<string, (string | undefined)[]>): Question[] {
  return Object.entries(choices).reduce<Question[]>(
    (questions, [name, values]) =>
      questions.flatMap((question) => values.map((value) => ({ ...question, [name]: value }))),
    [{}],
  )
}
