import type { FastifyRequest } from 'fastify'
import { type App, limitRate } from '../platform/http/door.ts'

/** Good tokens beyond this many are counted by address again until they are next seen. */
const remembered = 10_000

/**
 * Limits requests a minute by token, and by address where no good token is known. Which tokens were good is only
 * remembered to choose what to count: it lets nobody in.
 */
export function limitByToken(app: App, perMinute: number | 'off'): void {
  const good = new Map<string, number>()
  const keyOf = ({ caller, tokenHash, ip }: FastifyRequest) => {
    const id = caller?.token.id ?? (tokenHash && good.get(tokenHash.toString('latin1')))
    return id === undefined ? ip : `token ${id}`
  }
  app.addHook('onRequest', limitRate(app, perMinute, keyOf))
  if (perMinute === 'off') return
  app.addHook('onResponse', async ({ caller, tokenHash }) => {
    if (!caller || !tokenHash) return
    const [oldest] = good.size < remembered ? [] : good.keys()
    if (oldest !== undefined) good.delete(oldest)
    good.set(tokenHash.toString('latin1'), caller.token.id)
  })
}
