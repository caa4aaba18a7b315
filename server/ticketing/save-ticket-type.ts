import type { Account } from '../accounts/account.ts'
import { type Db, transaction } from '../platform/database.ts'
import { parseAmount } from '../platform/money.ts'
import { invalid, notFound } from '../platform/refusal.ts'
import { insertTicketType, listTicketTypes, lockTicketType, type TicketTypeRow, updateTicketType } from './queries.ts'
import type { TicketChanges, TicketInput } from './schema.ts'

const allStates: ('active' | 'hidden' | 'archived')[] = ['active', 'hidden', 'archived']

/** Without `stock` there is no limit. Throws 422 on `price` or `tax_rate`. */
export async function createTicketType(
  db: Db,
  account: Account,
  eventId: number,
  input: TicketInput,
  now: Date,
): Promise<TicketTypeRow> {
  const id = await insertTicketType(db, account.id, eventId, {
    title: input.title.trim(),
    state: input.state ?? 'active',
    priceMinor: readPrice(input.price, account.currency),
    stock: input.unlimited_stock ? null : (input.stock ?? null),
    maxPerOrder: input.max_per_order ?? 10,
    maxPerCustomer: input.max_per_customer ?? null,
    taxRate: readTaxRate(input.tax_rate),
  })
  return findTicketType(db, account.id, eventId, id, now)
}

/** Changes what `input` names. Throws 404, or 422 on `price`, `tax_rate`, or a `stock` below what is sold and held. */
export async function changeTicketType(
  db: Db,
  account: Account,
  eventId: number,
  id: number,
  input: TicketChanges,
  now: Date,
): Promise<TicketTypeRow> {
  return transaction(db, (tx) => change(tx, account, eventId, id, input, now))
}

async function change(
  db: Db,
  account: Account,
  eventId: number,
  id: number,
  input: TicketChanges,
  now: Date,
): Promise<TicketTypeRow> {
  await lockTicketType(db, account.id, id)
  const before = await findTicketType(db, account.id, eventId, id, now)
  const stock = input.stock === undefined ? before.stock : input.stock
  const changed = await updateTicketType(db, account.id, id, {
    title: input.title?.trim() ?? before.title,
    state: input.state ?? before.state,
    priceMinor: input.price === undefined ? before.priceMinor : readPrice(input.price, account.currency),
    stock: input.unlimited_stock ? null : stock,
    position: input.position ?? before.position,
    maxPerOrder: input.max_per_order ?? before.maxPerOrder,
    maxPerCustomer: input.max_per_customer === undefined ? before.maxPerCustomer : input.max_per_customer,
    taxRate: input.tax_rate === undefined ? before.taxRate : readTaxRate(input.tax_rate),
  })
  if (!changed) throw invalid('stock', 'is less than the places that are sold or held')
  return findTicketType(db, account.id, eventId, id, now)
}

/** Whatever its state. Throws 404. */
export async function findTicketType(
  db: Db,
  accountId: number,
  eventId: number,
  id: number,
  now: Date,
): Promise<TicketTypeRow> {
  const types = await listTicketTypes(db, accountId, eventId, allStates, now)
  const found = types.find((type) => type.id === id)
  if (!found) throw notFound()
  return found
}

function readPrice(text: string, currency: string): bigint {
  const minor = parseAmount(text.trim(), currency)
  if (minor === undefined) throw invalid('price', 'is not a number')
  if (minor >= 1_000_000_000_000n) throw invalid('price', 'is too high')
  return minor
}

function readTaxRate(text: string | null | undefined): string | null {
  if (!text?.trim()) return null
  if (!/^\d{1,2}(\.\d)?$|^100(\.0)?$/.test(text.trim())) throw invalid('tax_rate', 'must be a percentage such as 19.0')
  return Number(text).toFixed(1)
}
