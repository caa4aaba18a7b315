import { type TSchema, Type } from 'typebox'

/** Shapes that many resources share, as contract section 1 has them. A `title` becomes the name in the OpenAPI file. */

export const Money = Type.Object({ amount: Type.String(), currency: Type.String() }, { title: 'Money' })

/** Input: text with at least one letter; compared and kept without blanks at its ends. */
export const Text = (maxLength = 255) => Type.String({ pattern: '\\S', maxLength })

/** Input: the schema's values, or null or "" to clear. Output: the schema's values or null. */
export const Nullable = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Type.Static<T> | null>({
    ...schema,
    type: ['type' in schema ? schema.type : 'string', 'null'],
    ...('enum' in schema && Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
  })

export const OneOf = <const T extends string>(values: readonly T[]) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values] })

/** "2026-04-22T12:34:50Z": UTC, whole seconds. */
export const Instant = Type.String({ format: 'date-time' })

/** Input for an instant; read by `parseInstant`, which knows the zone that applies where no offset is given. */
export const InstantInput = Type.String({ maxLength: 40 })

export const Pagination = Type.Object(
  {
    total_count: Type.Integer(),
    limit: Nullable(Type.Integer()),
    next_page: Nullable(Type.String()),
  },
  { title: 'Pagination' },
)

/** Query of a list that can be paged. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  page: Type.Optional(Type.String({ maxLength: 200 })),
}

const periods = ['today', 'this_week', 'this_month', 'this_year', 'all_time', 'week', 'month', 'year', 'all'] as const
export const PeriodQuery = Type.Optional(OneOf(periods))

export const ErrorBody = Type.Object({ error: Type.String() }, { title: 'Error' })
export const ErrorsBody = Type.Object(
  { errors: Type.Record(Type.String(), Type.Array(Type.String())) },
  { title: 'Errors' },
)

/** An id in a path that can't be one (`abc`, `0`, twenty digits) is a 404, as an unknown one is. */
export const IdParams = Type.Object({ id: Type.String() })
export const SlugParams = Type.Object({ slug: Type.String() })

/** The integer that a path's id stands for, or undefined. */
export function readId(text: string): number | undefined {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0
  return id > 0 && id <= 2_147_483_647 ? id : undefined
}
