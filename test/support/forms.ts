import type { Answer, Organizer, World } from './world.ts'

/** As a browser asks for a page of the organiser's shop. */
export async function page(
  world: World,
  who: Organizer,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return answer(world, { method: 'GET', url: path, headers: { ...from(who), ...headers } })
}

/** As a browser sends a form of the organiser's shop. */
export async function form(
  world: World,
  who: Organizer,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const type = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  const payload = new URLSearchParams(fields).toString()
  return answer(world, { method: 'POST', url: path, headers: { ...from(who), ...type, ...headers }, payload })
}

function from(who: Organizer): Record<string, string> {
  return {
    host: `${who.subdomain}.foyer.test`,
    accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'accept-language': 'en-GB',
  }
}

async function answer(
  world: World,
  request: { method: 'GET' | 'POST'; url: string; headers: Record<string, string>; payload?: string },
): Promise<Answer> {
  const response = await world.app.inject(request)
  return { status: response.statusCode, headers: response.headers, text: response.body, body: undefined }
}
