/** What has happened in one account, as plain facts; everything that a list shows must follow from these alone. */
export interface Ledger {
  currency: string
  timeZone: string
  shopUrl: string
  events: EventFact[]
  orders: OrderFact[]
  edits: EditFact[]
  /** Customer ids by e-mail, as the server gave them. */
  customerIds: Map<string, number>
}

export interface EventFact {
  /** The present slug last. */
  slugs: string[]
  ticketIds: number[]
}

export const personalFields = ['name', 'company', 'salutation', 'title', 'phone'] as const
export type PersonalField = (typeof personalFields)[number]

/** An order that was paid. Instants are the wire's text. */
export interface OrderFact {
  /** As the server gave them: the id breaks ties. */
  id: number
  publicId: string
  orderCode: string
  checkInCodes: string[]
  ticketPublicIds: string[]
  paymentReference: string | null
  /** The place in the history: of two facts with one time, the later told counts. */
  told: number
  event: EventFact
  email: string
  buyer: Partial<Record<PersonalField, string | null>>
  consent: boolean
  quantities: number[]
  totalMinor: bigint
  refundedMinor: bigint
  provider: 'test' | 'free' | 'import'
  origin: 'checkout' | 'import'
  attribution: Record<string, string>
  createdAt: string
  paidAt: string
  archived: boolean
  cancelled: boolean
}

/** Staff typed it: null is cleared. */
export interface EditFact {
  told: number
  email: string
  field: PersonalField
  value: string | null
  at: string
}

/** Newest first; equal times: higher id first (contract 9, Ties). */
export function newestFirst<Row>(rows: Row[], atOf: (row: Row) => string, idOf: (row: Row) => number): Row[] {
  return rows.toSorted((a, b) => (atOf(a) === atOf(b) ? idOf(b) - idOf(a) : atOf(a) < atOf(b) ? 1 : -1))
}

/** Trimmed; only spaces are none (contract 9, Names). */
export function typedText(text: string | null | undefined): string | null {
  return text?.trim() || null
}
