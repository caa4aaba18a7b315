import { createServer } from 'node:http'
import postgres from 'postgres'

/** What every floor stands on: Foyer's own driver, connections as for its `lookups`, and bare `node:http`. */
export const sql = postgres(process.env.DATABASE_URL ?? '', {
  max: 4,
  connection: { TimeZone: 'UTC' },
  types: { date: { to: 1184, from: [1184], serialize: String, parse: (text: string) => text } },
})

/** Runs a statement that is prepared once for each connection. */
export function prepared(text: string, values: (string | number | Buffer)[]) {
  return sql.unsafe(text, values, { prepare: true })
}

/** Answers every request with the JSON of what `answer` finds. */
export function serve(answer: (path: string, token: string) => Promise<unknown>): void {
  createServer((request, response) => {
    answer(request.url ?? '', request.headers.authorization?.slice('Bearer '.length) ?? '').then(
      (found) => response.setHeader('content-type', 'application/json').end(JSON.stringify(found)),
      (error) => response.writeHead(500).end(String(error)),
    )
  }).listen(Number(process.env.PORT), '127.0.0.1')
}
