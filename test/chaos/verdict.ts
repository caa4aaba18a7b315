import type { Pool } from '../../server/platform/database.ts'
import type { Ledger } from '../support/fakestripe/ledger.ts'
import type { Note } from './notebook.ts'
import { patientClient } from './patient-client.ts'
import { runProgram } from './programs.ts'
import { withDatabase } from './settle.ts'
import type { Stage } from './stage.ts'

export interface Figures {
  orders: number
  captures: number
  /** Captures that became no order, and went back. */
  returned: number
  refunds: number
  keptMinor: number
}

interface Ours {
  reference: string
  status: string
  amountMinor: bigint
  publicId: string | null
  orders: number
  refundedMinor: bigint
}

/** Everything that is not as it must be, in words, once the dust has settled; and what it was judged by. */
export async function judge(stage: Stage, notes: Note[]): Promise<{ broken: string[]; figures: Figures }> {
  const ledger = await stage.bank.ledger()
  const ours = await withDatabase(stage.dataDir, listOurs)
  const held = await withDatabase(stage.dataDir, countHeld)
  const broken = [
    ...judgeCaptures(ledger, ours),
    ...judgeNotes(notes, ours),
    ...(await judgeSums(stage, ledger)),
    ...(held > 0 ? [`${held} holds are left`] : []),
    ...(await judgeByDoctor(stage)),
    ...stage.app.ownEnds.map((end) => `the server ended by itself: ${end}`),
  ]
  const orders = ours.filter(({ publicId }) => publicId !== null)
  const figures = {
    orders: orders.length,
    captures: ledger.captures.length,
    returned: ledger.captures.length - orders.length,
    refunds: ledger.refunds.length,
    keptMinor: ledger.totals.eur?.net ?? 0,
  }
  return { broken, figures }
}

async function listOurs(db: Pool): Promise<Ours[]> {
  return db<Ours[]>`
    select p.reference, p.status, p.amount_minor, min(o.public_id) as public_id, count(o.id)::integer as orders,
           coalesce(sum(o.refunded_minor), 0)::bigint as refunded_minor
    from payments p left join orders o on o.account_id = p.account_id and o.payment_id = p.id
    where p.reference is not null
    group by p.account_id, p.id`
}

/** By the clock that the server was last left with: whatever is held now would be held for ever. */
async function countHeld(db: Pool): Promise<number> {
  const [row] = await db<[{ held: number }]>`
    select count(*)::integer as held from holds where expires_at > clock_timestamp() + interval '1 hour'
      or (expires_at > clock_timestamp() and (account_id, checkout_id) not in (select account_id, id from checkouts))`
  return row.held
}

/** Each capture has exactly one order, and as much went back as we say, or none, and all of it went back. */
function judgeCaptures({ captures, refunds }: Ledger, ours: Ours[]): string[] {
  const known = Map.groupBy(ours, ({ reference }) => reference)
  const gone = Map.groupBy(
    refunds.filter(({ status }) => status === 'succeeded'),
    ({ charge }) => charge,
  )
  const isCaptured = new Set(captures.map(({ paymentIntent }) => paymentIntent))
  const invented = ours.filter((one) => one.publicId !== null && !isCaptured.has(one.reference))
  return [
    ...invented.map(({ publicId }) => `order ${publicId} was never paid`),
    ...captures.flatMap(({ charge, paymentIntent, amount }) => {
      const payments = known.get(paymentIntent) ?? []
      const back = (gone.get(charge) ?? []).reduce((sum, refund) => sum + refund.amount, 0)
      const orders = payments.reduce((sum, one) => sum + one.orders, 0)
      const [payment] = payments
      const isPaid = orders === 1 && Number(payment?.amountMinor) === amount && Number(payment?.refundedMinor) === back
      const isReturned = orders === 0 && back === amount && gone.get(charge)?.length === 1
      if (payments.length === 1 && (isPaid || isReturned)) return []
      return [
        `capture ${paymentIntent} of ${amount}: ${orders} orders (${payment?.status}), ${back} went back, we say ${payment?.refundedMinor}`,
      ]
    }),
  ]
}

/** What people were told is so, once. */
function judgeNotes(notes: Note[], ours: Ours[]): string[] {
  const orders = Map.groupBy(ours, ({ publicId }) => publicId ?? '')
  const told = notes.filter((note) => note.kind === 'order')
  const promised = notes.filter((note) => note.kind === 'refund' && note.status === 200 && note.amount !== null)
  const partOf = Map.groupBy(
    new Map(promised.map((note) => [note.kind === 'refund' ? note.key : '', note])).values(),
    (note) => (note.kind === 'refund' ? note.order : ''),
  )
  const tellings = Map.groupBy(told, ({ checkout }) => checkout)
  return [
    ...told.flatMap(({ order }) =>
      orders.get(order)?.length === 1
        ? []
        : [`order ${order} was acknowledged, and is there ${orders.get(order)?.length ?? 0} times`],
    ),
    ...[...tellings].flatMap(([checkout, notes]) =>
      new Set(notes.map(({ order }) => order)).size === 1 ? [] : [`checkout ${checkout} was told of several orders`],
    ),
    ...[...partOf].flatMap(([order, parts]) => {
      const least = parts.reduce((sum, note) => sum + minor(note.kind === 'refund' ? note.amount : null), 0)
      const refunded = Number(orders.get(order)?.[0]?.refundedMinor ?? 0)
      return refunded >= least ? [] : [`order ${order}: refunds of ${least} were acknowledged, ${refunded} went back`]
    }),
  ]
}

const minor = (amount: string | null) => Math.round(Number(amount ?? 0) * 100)

/** The bank's books against what the organiser reads. */
async function judgeSums(stage: Stage, { totals }: Ledger): Promise<string[]> {
  const client = patientClient(stage.app.url, AbortSignal.timeout(60_000))
  const get = async (path: string) => (await client.ask({ method: 'GET', path, token: stage.scene.token })).body
  const { stats } = await get('/admin/orders?period=all_time&include_archived=1&limit=1')
  const customers = await get('/admin/customers?period=all_time&limit=1')
  const kept = totals.eur?.net ?? 0
  const broken: string[] = []
  if (minor(stats.revenue.amount) !== kept) broken.push(`the bank keeps ${kept}, revenue is ${stats.revenue.amount}`)
  if (minor(customers.stats.total_spent.amount) !== kept)
    broken.push(`the bank keeps ${kept}, customers have spent ${customers.stats.total_spent.amount}`)
  if ((totals.eur?.pending ?? 0) !== 0) broken.push(`${totals.eur?.pending} is still on its way back`)
  for (const { slug } of stage.scene.events) {
    const { stats: sales, tickets_breakdown: types } = await get(`/admin/events/${slug}`)
    const stock = types[0]?.stock
    if (stock !== null && sales.remaining_count !== stock - sales.sold_count)
      broken.push(`${slug}: ${stock} places, ${sales.sold_count} sold, ${sales.remaining_count} left`)
  }
  return broken
}

async function judgeByDoctor({ environment }: Stage): Promise<string[]> {
  try {
    await runProgram('server/cli.ts', ['doctor'], environment)
    return []
  } catch (error) {
    return [`the doctor is not content: ${(error as Error).message}`]
  }
}
