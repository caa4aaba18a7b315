import { Type } from 'typebox'

export const OrderParams = Type.Object({ public_id: Type.String() })

export const LostTickets = Type.Object({ email: Type.String({ maxLength: 320 }) })

/** The mail will be sent; whether it could be is seen in the mailbox. */
export const Queued = Type.Object({ status: Type.Literal('queued') }, { title: 'Queued' })
