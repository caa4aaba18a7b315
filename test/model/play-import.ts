import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { findAccountBySubdomain } from '../../server/accounts/queries.ts'
import { amount } from './amount.ts'
import { customersOf } from './customers.ts'
import type { ImportLine } from './history.ts'
import { momentInstant } from './instants.ts'
import { learnOrder } from './learn.ts'
import type { OrderFact } from './ledger.ts'
import { later, nth, type Stage, setClock, ticketTitles } from './stage.ts'

const file = new URL('../../server/imports/import-orders.ts', import.meta.url)
export const canImport = existsSync(file)

interface Imported {
  imported: number
  skipped: number
  customers: number
}

/** Imports the lines as one file, in their order; twice and with a dry run before where told so. */
export async function playImport(stage: Stage, lines: ImportLine[], isRehearsedAndRepeated: boolean): Promise<void> {
  const known = customersOf(stage.ledger).length
  const told = lines.map((line) => tell(stage, line))
  for (const { fact } of told) setClock(stage, fact.paidAt, true)
  setClock(stage, stage.latest)
  const text = told
    .map(({ wire }, index) => `${JSON.stringify({ ref: `R-${stage.told}-${index}`, ...wire })}\n`)
    .join('')
  const none = { imported: 0, skipped: lines.length, customers: 0 }

  const rehearsed = isRehearsedAndRepeated ? await run(stage, text, true) : undefined
  const imported = await run(stage, text, false)
  for (const [index, { fact }] of told.entries()) {
    const [row] = await stage.world.db<[{ publicId: string }]>`
      select public_id from orders where account_id = ${stage.club.id} and import_ref = ${`R-${stage.told}-${index}`}`
    await learnOrder(stage, { ...fact, publicId: row.publicId })
  }

  const made = { imported: lines.length, skipped: 0, customers: customersOf(stage.ledger).length - known }
  assert.deepEqual(imported, made)
  if (rehearsed) assert.deepEqual(rehearsed, made)
  if (isRehearsedAndRepeated) assert.deepEqual(await run(stage, text, false), none)
}

async function run({ world, club }: Stage, text: string, dryRun: boolean): Promise<Imported> {
  const { importOrders } = await import(file.href)
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  const { imported, skipped, customers } = await importOrders(world.db, account, piecesOf(text), {
    createEvents: false,
    dryRun,
    now: world.now(),
  })
  return { imported, skipped, customers }
}

/** In pieces that end anywhere, also inside a letter. */
async function* piecesOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += 97) yield bytes.subarray(start, start + 97)
}

function tell(stage: Stage, line: ImportLine) {
  const { currency, timeZone, events } = stage.ledger
  const event = nth(events, line.event)
  const paidAt = momentInstant(line.at, stage.anchor, timeZone)
  const createdAt = later(paidAt, -line.secondsToPay)
  const items = [...new Map(line.items.map((item) => [item.title, item])).values()]
  const totalMinor = items.reduce((sum, item) => sum + BigInt(item.minor) * BigInt(item.quantity), 0n)
  const refunds = refundsOf(line.refunds, totalMinor)
  const written = (at: string) => (line.isWrittenWithOffset ? withOffset(at) : at)
  const wire = {
    created_at: written(createdAt),
    paid_at: written(paidAt),
    email: line.email.typed,
    ...line.buyer,
    marketing_consent: line.consent,
    event_slug: nth(event.slugs, line.secondsToPay),
    event_title: 'Whatever it was called there',
    items: items.map(({ title, minor, quantity }) => ({
      ticket_title: nth(ticketTitles, title),
      unit_price: amount(BigInt(minor), currency),
      quantity,
    })),
    refunds:
      refunds.length === 0
        ? undefined
        : refunds.map((minor) => ({ amount: amount(minor, currency), refunded_at: written(paidAt) })),
  }
  const fact: Omit<Parameters<typeof learnOrder>[1], 'publicId'> = {
    event,
    email: line.email.stored,
    buyer: line.buyer,
    consent: line.consent === true,
    quantities: items.map((item) => item.quantity),
    totalMinor,
    refundedMinor: refunds.reduce((sum, minor) => sum + minor, 0n),
    provider: 'import',
    origin: 'import',
    attribution: {},
    createdAt,
    paidAt,
  }
  return { wire, fact }
}

/** Percents of the total, as long as something is left to give back. */
function refundsOf(percents: number[], totalMinor: bigint): OrderFact['totalMinor'][] {
  let left = totalMinor
  return percents.flatMap((percent) => {
    const share = (totalMinor * BigInt(percent)) / 100n
    const minor = share < left ? share : left
    left -= minor
    return minor > 0n ? [minor] : []
  })
}

function withOffset(at: string): string {
  return Temporal.Instant.from(at).toString({ timeZone: 'Asia/Kathmandu' })
}
