import type { World } from '../support/world.ts'

export interface Asked {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  json: () => unknown
}

/** A request as it stands: no token and no Accept but those in `headers`. A body is sent as JSON. */
export async function ask(
  world: World,
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Asked> {
  const payload = body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }
  const contentType: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await world.app.inject({
    method: method as 'GET', // inject's type leaves out the rarer methods
    url,
    headers: { host: 'foyer.test', ...contentType, ...headers },
    ...payload,
  })
  return { status: response.statusCode, headers: response.headers, text: response.body, json: () => response.json() }
}

export const json = { accept: 'application/json' }

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, ...json }
}
