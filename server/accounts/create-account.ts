import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { type Pool, transaction } from '../platform/database.ts'
import { normalizeEmail } from '../platform/email-address.ts'
import { isCurrency } from '../platform/money.ts'
import { invalid } from '../platform/refusal.ts'
import { resolveTimeZone } from '../platform/time-zones.ts'
import { insertAccount, insertOwner } from './queries.ts'

/**
 * Makes an account and its owner. Throws 422 on `name`, `subdomain`, `currency`, `time_zone` or `owner_email`.
 * Without a password the owner can't sign in until one is set.
 */
export async function createAccount(
  db: Pool,
  input: {
    name: string
    subdomain: string
    currency: string
    timeZone: string
    ownerEmail: string
    ownerPassword: string | undefined
    now: Date
  },
): Promise<{ id: number; subdomain: string }> {
  const name = input.name.trim()
  if (name === '') throw invalid('name', "can't be blank")
  const subdomain = input.subdomain.trim().toLowerCase()
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(subdomain)) {
    throw invalid('subdomain', 'is invalid: use letters, digits and dashes, as in a host name')
  }
  if (!isCurrency(input.currency)) throw invalid('currency', 'is not an ISO 4217 code such as EUR')
  const timeZone = resolveTimeZone(input.timeZone)
  if (!timeZone) throw invalid('time_zone', 'is not a time zone such as Europe/Berlin')
  const ownerEmail = normalizeEmail(input.ownerEmail)
  if (!ownerEmail) throw invalid('owner_email', 'is invalid')
  if (input.ownerPassword !== undefined && input.ownerPassword.length < 8) {
    throw invalid('owner_password', 'is too short (minimum is 8 characters)')
  }
  const passwordHash = input.ownerPassword === undefined ? null : await hashPassword(input.ownerPassword)
  return transaction(db, async (tx) => {
    const id = await insertAccount(tx, { name, subdomain, currency: input.currency, timeZone, createdAt: input.now })
    if (id === undefined) throw invalid('subdomain', 'has already been taken')
    await insertOwner(tx, id, { email: ownerEmail, passwordHash, createdAt: input.now })
    return { id, subdomain }
  })
}

/** Argon2id with OWASP's parameters (19 MiB, two passes), in the usual PHC text form. */
async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const parameters = {
    message: Buffer.from(password.normalize('NFKC')),
    nonce,
    parallelism: 1,
    tagLength: 32,
    memory: 19_456,
    passes: 2,
  }
  const tag = await promisify(argon2)('argon2id', parameters)
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=19456,t=2,p=1$${text(nonce)}$${text(tag)}`
}
