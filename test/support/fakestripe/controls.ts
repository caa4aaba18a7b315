import type { Bank } from './bank.ts'
import type { RefundFate } from './cards.ts'
import { chargeOfIntent } from './charges.ts'
import { deliverNow, deliveryLog, settled } from './deliveries.ts'
import { decideDispute, openDispute } from './disputes.ts'
import type { FaultScript } from './faults.ts'
import { readLedger } from './ledger.ts'
import { decideRefund } from './refunds.ts'
import { answerAuthentication, type Buyer, payOnPage } from './session-payments.ts'
import { advance, findSession, reset, type Subscription, subscribe, type World } from './world.ts'

/** What each control takes, as JSON. */
export interface ControlInputs {
  _pay: { session: string; card: string; buyer?: Buyer }
  _authenticate: { session: string; confirmed: boolean }
  _faults: FaultScript & { clear?: boolean }
  _subscribe: Subscription
  _refunds: { fates?: RefundFate[]; refund?: string; outcome?: 'succeeded' | 'failed' }
  _disputes: { paymentIntent?: string; reason?: string; dispute?: string; outcome?: 'won' | 'lost' }
  _advance: { seconds: number }
  _deliver: { events: string[] }
  _settled: Record<string, never>
  _reset: Record<string, never>
}

type Controls = { [K in keyof ControlInputs]: (world: World, input: ControlInputs[K]) => unknown }

const controls: Controls = {
  _pay: (world, { session, card, buyer }) => {
    const { bank, record } = knownSession(world, session)
    return payOnPage(bank, record, card, buyer ?? {})
  },
  _authenticate: (world, { session, confirmed }) => {
    const { bank, record } = knownSession(world, session)
    return answerAuthentication(bank, record, confirmed)
  },
  _faults: (world, { clear, ...script }) => {
    if (clear) world.faults.clear()
    world.faults.add(script)
    return world.faults.left()
  },
  _subscribe: (world, subscription) => subscribe(world, subscription),
  _refunds: (world, { fates, refund, outcome }) => {
    world.surroundings.refundFates.push(...(fates ?? []))
    if (refund === undefined || outcome === undefined) return undefined
    return decideRefund(
      holder(world, (bank) => bank.refunds.get(refund)),
      refund,
      outcome,
    )
  },
  _disputes: (world, { paymentIntent, reason, dispute, outcome }) => {
    if (dispute !== undefined && outcome !== undefined)
      return decideDispute(
        holder(world, (bank) => bank.disputes.get(dispute)),
        dispute,
        outcome,
      )
    const bank = holder(world, (candidate) => candidate.intents.get(paymentIntent ?? ''))
    const intent = bank.intents.get(paymentIntent ?? '')
    const charge = intent && chargeOfIntent(bank, intent)
    return charge && openDispute(bank, charge.id, reason ?? 'fraudulent')
  },
  _advance: (world, { seconds }) => advance(world, seconds),
  _deliver: async (world, { events }) => {
    const statuses: number[] = []
    for (const id of events) {
      const bank = holder(world, (candidate) => candidate.events.get(id))
      const event = bank.events.get(id)
      if (event) statuses.push(...(await deliverNow(world.post, bank, event)))
    }
    return statuses
  },
  _settled: (world) => settled(world.post),
  _reset: (world) => reset(world),
}

const views: Record<string, (world: World) => unknown> = {
  _ledger: (world) => {
    advance(world, 0)
    return readLedger([...world.banks.values()])
  },
  _faults: (world) => world.faults.left(),
  _deliveries: (world) => deliveryLog(world.post),
  _requests: (world) => world.requests,
}

/** Runs a control or reads a view; undefined where there is none of that name. */
export async function control(
  world: World,
  method: string,
  name: string,
  body: string,
): Promise<{ result: unknown } | undefined> {
  if (method === 'GET') {
    const view = Object.hasOwn(views, name) ? views[name] : undefined
    return view && { result: view(world) }
  }
  if (!Object.hasOwn(controls, name)) return undefined
  // The name is one of the table's, and only our own client writes the body.
  const act = controls[name as keyof ControlInputs] as (world: World, input: unknown) => unknown
  return { result: (await act(world, body === '' ? {} : JSON.parse(body))) ?? null }
}

function knownSession(world: World, id: string) {
  advance(world, 0)
  const found = findSession(world, id)
  if (!found) throw new Error(`no such session: ${id}`)
  return found
}

function holder(world: World, has: (bank: Bank) => unknown): Bank {
  const bank = [...world.banks.values()].find((candidate) => has(candidate) !== undefined)
  if (!bank) throw new Error('no account has it')
  return bank
}
