import type Stripe from 'stripe'
import { badParameter } from './failure.ts'
import { type Form, integer, part, text } from './form.ts'

export const listParameters = ['limit', 'starting_after', 'ending_before', 'created']

/**
 * A page of a list as Stripe gives it: newest first, 10 unless `limit` (1 to 100) says more, from after or before a
 * record; `created` as an instant or as a range. `records` are oldest first.
 */
export function page<T extends { id: string; created: number }>(
  records: T[],
  form: Form,
  url: string,
): Stripe.ApiList<T> {
  const limit = integer(form, 'limit', 1) ?? 10
  if (limit > 100) throw badParameter('limit', 'Limit must be at most 100', 'parameter_invalid_integer')
  const matches = createdFilter(form)
  const newestFirst = records.toReversed().filter(({ created }) => matches(created))
  const after = text(form, 'starting_after')
  const before = text(form, 'ending_before')
  if (before) {
    const earlier = newestFirst.slice(0, positionOf(newestFirst, before, 'ending_before'))
    return { object: 'list', data: earlier.slice(-limit), has_more: earlier.length > limit, url }
  }
  const rest = after ? newestFirst.slice(positionOf(newestFirst, after, 'starting_after') + 1) : newestFirst
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url }
}

function positionOf(records: { id: string }[], id: string, param: string): number {
  const index = records.findIndex((record) => record.id === id)
  if (index === -1) throw badParameter(param, `No such object: '${id}'`, 'resource_missing')
  return index
}

function createdFilter(form: Form): (created: number) => boolean {
  if (typeof form.values.created === 'string') {
    const exact = integer(form, 'created')
    return (created) => exact === undefined || created === exact
  }
  const range = part(form, 'created')
  if (!range) return () => true
  const gt = integer(range, 'gt') ?? -1
  const gte = integer(range, 'gte') ?? 0
  const lt = integer(range, 'lt') ?? Number.MAX_SAFE_INTEGER
  const lte = integer(range, 'lte') ?? Number.MAX_SAFE_INTEGER
  return (created) => created > gt && created >= gte && created < lt && created <= lte
}
