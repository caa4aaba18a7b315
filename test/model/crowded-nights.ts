import type { Act, Buy, History, ImportLine } from './history.ts'
import { type Anchor, landmarks } from './instants.ts'
import { addresses, companies, names, phones, queries, salutations, titles } from './people.ts'
import type { Reading } from './questions.ts'
import { nth } from './stage.ts'

/** Nights on which much goes wrong if anything does: tried before the random histories. */
export function crowdedNights(): [History, Reading][] {
  return [
    crowdedNight('America/Havana', 'clocksBack', 'JPY', 0),
    crowdedNight('Asia/Beirut', 'clocksForward', 'KWD', 1),
    crowdedNight('America/Santiago', 'clocksBack', 'EUR', 2),
    crowdedNight('Pacific/Apia', 'newYear', 'EUR', 3),
  ]
}

const spellings = Object.entries(addresses).flatMap(([stored, each]) => each.map((typed) => ({ stored, typed })))

/** Purchases a second before, at and after every landmark of that night, an import between them, and staff at work. */
function crowdedNight(zone: string, kind: Anchor['kind'], currency: string, seed: number): [History, Reading] {
  const moments = landmarks.flatMap((landmark) => [-1, 0, 1].map((seconds) => ({ landmark, seconds })))
  const buys = moments.map((at, index) => purchase(at, index * 5 + seed * 7))
  const lines = moments.map((at, index) => importLine(at, index * 3 + seed * 11 + 1))
  const acts: Act[] = [
    ...buys.slice(0, 12),
    { kind: 'fold' },
    { kind: 'import', lines, isRehearsedAndRepeated: true },
    { kind: 'rename', event: seed },
    ...[0, 3, 5].map((customer): Act => staffEdit(customer, seed)),
    ...buys.slice(12),
    ...[1, 2, 8].map((order): Act => ({ kind: 'archive', order, isArchived: true })),
    { kind: 'archive', order: 2, isArchived: false },
    ...[0, 1, 4, 11].map((order): Act => ({ kind: 'refund', order, percent: 50, nothing: null })),
    { kind: 'refund', order: 4, percent: null, nothing: {} },
    { kind: 'cancel', order: 5 },
    ...(seed % 2 === 1 ? [{ kind: 'zone', zone: 'Pacific/Auckland' } as const, { kind: 'zone', zone } as const] : []),
    { kind: 'fold' },
    purchase({ landmark: 'anchor', seconds: 1 }, seed),
    purchase({ landmark: 'anchor', seconds: 1 }, seed + 1),
  ]
  const reading: Reading = {
    at: { landmark: 'anchor', seconds: 1 },
    periods: ['today', 'this_week', 'this_month', 'this_year', 'all'],
    queries: [0, 1, 2].map((index) =>
      nth(['a_b', 'παπαδοπουλοσ', 'jane', 'zoe', 'strasse', 'isik', ...queries], index + seed * 2),
    ),
    order: seed,
  }
  return [{ currency, zone, anchor: { year: 2026, kind, day: 0, seconds: 0 }, acts }, reading]
}

function purchase(at: Buy['at'], seed: number): Buy {
  return {
    kind: 'buy',
    at,
    email: nth(spellings, seed),
    buyer: {
      name: nth(names, seed),
      company: nth(companies, seed),
      phone: nth(phones, seed),
      salutation: nth(salutations, seed),
      title: nth(titles, seed),
    },
    consent: seed % 3 === 0,
    event: seed,
    quantities: nth(
      [
        [1, 0, 0],
        [0, 0, 1],
        [2, 1, 1],
      ],
      seed,
    ),
    ending: nth(['paid', 'paid', 'paid', 'declinedThenPaid', 'declined', 'pending', 'abandoned', 'left'], seed * 3),
    secondsToPay: 0,
  }
}

function importLine(at: ImportLine['at'], seed: number): ImportLine {
  const { kind, quantities, ending, ...line } = purchase(at, seed)
  const { name, company, phone } = line.buyer
  return {
    ...line,
    buyer: { name, company, phone },
    items: [{ title: seed % 4, minor: nth([0, 1, 2100, 10_000_000_000], seed), quantity: nth([1, 2, 17], seed) }],
    refunds: nth([[], [50], [1, 98], [100]], seed),
    secondsToPay: nth([0, 86_400], seed),
    isWrittenWithOffset: seed % 2 === 0,
  }
}

function staffEdit(customer: number, seed: number): Act {
  const fields = {
    name: nth(names, customer + seed),
    company: '',
    phone: '030 1',
    salutation: nth(salutations, customer),
  }
  return { kind: 'edit', at: { landmark: 'anchor', seconds: 0 }, customer, fields, isWrapped: customer === 3 }
}
