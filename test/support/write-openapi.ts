import { writeFile } from 'node:fs/promises'
import { pino } from 'pino'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { openPool } from '../../server/platform/database.ts'
import { allOn } from './pools.ts'

export const openapiFile = new URL('../../docs/api/openapi.json', import.meta.url)

/** The OpenAPI file's text, made from the routes as they stand. Needs no database. */
export async function openapiText(): Promise<string> {
  const neverAsked = openPool('postgres://localhost/nothing')
  const app = await buildApp({
    ...allOn(neverAsked),
    clock: () => new Date(0),
    config: readConfig({}),
    log: pino({ level: 'silent' }),
    isReady: () => true,
  })
  const answer = await app.inject('/openapi.json')
  await app.close()
  if (answer.statusCode !== 200) throw new Error(`GET /openapi.json answers ${answer.statusCode}: ${answer.body}`)
  return `${JSON.stringify(answer.json(), null, 2)}\n`
}

if (import.meta.main) await writeFile(openapiFile, await openapiText())
