import { ask } from '../matrix/ask.ts'
import type { Organizer, World } from '../support/world.ts'

/** The headers of the command line, of the automation tool, and what the tool's HTTP client adds to a request without a body. */
export const cli = { accept: 'application/json', 'user-agent': 'usetix-cli/1.4.0', 'accept-encoding': 'gzip' }
export const n8n = {
  accept: 'application/json',
  'user-agent': 'axios/1.7.9',
  'accept-encoding': 'gzip, compress, deflate, br',
}
export const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' }

/** Sends requests with the organiser's write token, and reads what comes back as JSON. */
export function callerOf(world: World, who: Organizer) {
  return async (method: string, url: string, headers: Record<string, string>, body?: unknown) => {
    const answer = await ask(world, method, url, { authorization: `Bearer ${who.writeToken}`, ...headers }, body)
    return { ...answer, body: answer.text === '' ? undefined : answer.json() }
  }
}
