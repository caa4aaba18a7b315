import type { Db } from '../platform/database.ts'
import { readId } from '../platform/http/shapes.ts'
import { notFound } from '../platform/refusal.ts'
import { updateTokenRevoked } from './queries.ts'

/** Ends a token at once; doing so twice is doing so once. Throws 404. */
export async function revokeToken(db: Db, accountId: number, id: string, now: Date): Promise<void> {
  const tokenId = readId(id)
  const revoked = tokenId !== undefined && (await updateTokenRevoked(db, accountId, tokenId, now))
  if (!revoked) throw notFound()
}
