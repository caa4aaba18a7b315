import type { Db } from '../platform/database.ts'
import { invalid } from '../platform/refusal.ts'
import type { Permission } from './account.ts'
import { insertToken } from './queries.ts'
import { hashToken, newToken } from './token.ts'

/** Makes an API token. Its text is given back this once and is not kept. Throws 422 on `description` or `permission`. */
export async function createToken(
  db: Db,
  accountId: number,
  input: { description: string; permission: string; now: Date },
): Promise<{ id: number; token: string }> {
  const description = input.description.trim()
  if (description === '') throw invalid('description', "can't be blank")
  if (!isPermission(input.permission)) throw invalid('permission', 'is not included in the list: read, write')
  const token = newToken()
  const id = await insertToken(db, accountId, {
    description,
    permission: input.permission,
    hash: hashToken(token),
    createdAt: input.now,
  })
  return { id, token }
}

function isPermission(text: string): text is Permission {
  return text === 'read' || text === 'write'
}
