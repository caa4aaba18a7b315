import type { Tx } from '../platform/database.ts'

/** A connection that copies rows takes no question: resolves to it when it is free. Rejects where the rows failed. */
export type WhenFree = () => Promise<Tx>
