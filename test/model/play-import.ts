import assert from 'node:assert/strict'
import { Temporal } from 'temporal-polyfill'
import { findAccountBySubdomain } from '../../server/accounts/queries.ts'
import { importOrders } from '../../server/imports/import-orders.ts'
import type { ImportOutcome } from '../../server/imports/order-sink.ts'
import type { Progress } from '../../server/imports/progress.ts'
import { amount } from './amount.ts'
import { customersOf } from './customers.ts'
import type { ImportLine } from './history.ts'
import { momentInstant } from './instants.ts'
import { learnOrders, type ToldOrder } from './learn.ts'
import type { OrderFact } from './ledger.ts'
import { later, nth, type Stage, setClock, ticketTitles } from './stage.ts'

/** Imports the lines as one file, in their order; twice and with a dry run before where told so. */
export async function playImport(stage: Stage, lines: ImportLine[], isRehearsedAndRepeated: boolean): Promise<void> {
  const known = customersOf(stage.ledger).length
  const { text, facts } = writeFile(stage, lines)
  for (const { paidAt } of facts) setClock(stage, paidAt, true)
  setClock(stage, stage.latest)

  const rehearsed = isRehearsedAndRepeated ? await run(stage, text, true) : undefined
  const imported = await run(stage, text, false)
  await learnImported(stage, facts)

  const made = { imported: lines.length, skipped: 0, customers: customersOf(stage.ledger).length - known }
  assert.deepEqual(imported, made)
  if (!rehearsed) return
  assert.deepEqual(rehearsed, made)
  assert.deepEqual(await run(stage, text, false), { imported: 0, skipped: lines.length, customers: 0 })
}

/** Imports the lines while others are at work: how many customers that makes can't be said before. */
export async function importMeanwhile(stage: Stage, lines: ImportLine[], onProgress?: Progress): Promise<void> {
  const { text, facts } = writeFile(stage, lines)
  const { imported, skipped } = await run(stage, text, false, onProgress)
  assert.deepEqual({ imported, skipped }, { imported: lines.length, skipped: 0 })
  await learnImported(stage, facts)
}

function writeFile(stage: Stage, lines: ImportLine[]) {
  const told = lines.map((line) => tell(stage, line))
  const text = told.map(({ wire }, index) => `${JSON.stringify({ ref: refOf(stage, index), ...wire })}\n`).join('')
  return { text, facts: told.map(({ fact }) => fact) }
}

async function learnImported(stage: Stage, facts: Omit<ToldOrder, 'publicId'>[]): Promise<void> {
  const rows = await stage.world.db<{ importRef: string; publicId: string }[]>`
    select import_ref, public_id from orders where account_id = ${stage.club.id} and import_ref is not null`
  const publicIds = new Map(rows.map((row) => [row.importRef, row.publicId]))
  const orders = facts.map((fact, index) => ({ ...fact, publicId: publicIds.get(refOf(stage, index)) ?? 'missing' }))
  await learnOrders(stage, orders)
}

const refOf = (stage: Stage, index: number) => `R-${stage.told}-${index}`

async function run(
  { world, club }: Stage,
  text: string,
  dryRun: boolean,
  onProgress?: Progress,
): Promise<ImportOutcome> {
  const account = await findAccountBySubdomain(world.db, club.subdomain)
  if (!account) throw new Error(`there is no account ${club.subdomain}`)
  return importOrders(world.db, account, piecesOf(text), { createEvents: false, dryRun, now: world.now(), onProgress })
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
  const fact: Omit<ToldOrder, 'publicId'> = {
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
