import type { Bank } from './bank.ts'
import { badParameter } from './failure.ts'

type Json = Record<string, unknown>

/** The object with what `expand` names put in place of its ids: `payment_intent.latest_charge`, in lists `data.charge`. */
export function expanded(bank: Bank, answer: object, paths: string[]): object {
  let result = answer
  for (const path of paths) {
    if (path.split('.').length > 4) throw badParameter('expand', 'You cannot expand more than 4 levels of a property.')
    // Answers are plain JSON objects of the SDK's types; here only their keys matter.
    result = grow(bank, result as Json, path.split('.'), path)
  }
  return result
}

function grow(bank: Bank, node: Json, [key = '', ...rest]: string[], path: string): Json {
  if (key === 'data' && Array.isArray(node.data))
    return { ...node, data: node.data.map((entry: Json) => grow(bank, entry, rest, path)) }
  const value = included(bank, node, key) ?? node[key]
  if (value === null) return node
  const whole = typeof value === 'string' ? find(bank, value) : value
  if (typeof whole !== 'object' || whole === null)
    throw badParameter('expand', `This property cannot be expanded (${path}).`)
  // As above: what the shelves hold is plain JSON.
  return { ...node, [key]: rest.length > 0 ? grow(bank, whole as Json, rest, path) : whole }
}

/** Lists that are only there when someone asks for them. */
function included(bank: Bank, node: Json, key: string): object | undefined {
  const id = String(node.id)
  if (node.object === 'checkout.session' && key === 'line_items')
    return list(bank.sessions.get(id)?.lineItems ?? [], `/v1/checkout/sessions/${id}/line_items`)
  if (node.object === 'charge' && key === 'refunds') {
    const refunds = bank.refunds.all().map(({ refund }) => refund)
    return list(refunds.filter(({ charge }) => charge === id).reverse(), `/v1/charges/${id}/refunds`)
  }
  return undefined
}

function find(bank: Bank, id: string): object | undefined {
  return (
    bank.intents.get(id)?.intent ??
    bank.charges.get(id)?.charge ??
    bank.refunds.get(id)?.refund ??
    bank.disputes.get(id)?.dispute
  )
}

function list(data: object[], url: string) {
  return { object: 'list', data, has_more: false, url }
}
