import { createToken } from '../server/accounts/create-token.ts'
import { findOnlyAccount, updateTokensRevoked } from '../server/accounts/queries.ts'
import { readConfig } from '../server/config.ts'
import { type Server, startServer } from '../server/main.ts'
import { foldDailyTotals } from '../server/platform/daily-totals.ts'
import { reportFailure, stopOnSignals, systemClock } from '../server/process.ts'
import { demoSubdomain, fillDemo } from './fill-demo.ts'

/** `npm run demo`: serves a demo organiser, ready to be bought from and asked. */

let isReady = false
let server: Server | undefined
try {
  // The demo's buyers have made-up addresses: their mails are kept, wherever SMTP_URL leads.
  const config = { ...readConfig({ LOG_LEVEL: 'warn', ...process.env }), testPayments: true, smtpUrl: undefined }
  console.log('Starting Foyer with a demo organiser …')
  server = await startServer(config, systemClock, () => isReady)
  stopOnSignals(server.stop)
  const account = await fillDemo(server.db, systemClock(), console.log)
  await foldDailyTotals(server.db)
  const greeting = await greet(server, account.id, account.subdomain)
  isReady = true
  console.log(greeting)
} catch (error) {
  await server?.stop()
  reportFailure(error)
}

/** Two fresh tokens in place of the demo's old ones, and what to do with them. */
async function greet({ db, port }: Server, accountId: number, subdomain: string): Promise<string> {
  const now = systemClock()
  const tokens: Record<string, string> = {}
  for (const permission of ['read', 'write']) {
    const description = `Demo (${permission})`
    await updateTokensRevoked(db, accountId, description, now)
    tokens[permission] = (await createToken(db, accountId, { description, permission, now })).token
  }
  const [customer] = await db<[{ id: number }]>`
    select id from customers where account_id = ${accountId} order by created_at desc, id desc limit 1`
  const isAlone = (await findOnlyAccount(db)) !== undefined
  const admin = `http://localhost:${port}`
  const shop = isAlone ? admin : `http://${demoSubdomain}.localhost:${port}`
  return `
The demo organiser "${subdomain}" is ready. Stop it with Ctrl-C; its data stays.

  Shop         ${shop}/events
  Mails        ${admin}/dev/mail
  API          ${admin}/openapi.json
  Read token   ${tokens.read}
  Write token  ${tokens.write}

The customers of this month, then one of them with all orders:

curl -H "Authorization: Bearer ${tokens.read}" \\
-H "Accept: application/json" \\
${admin}/admin/customers

curl -H "Authorization: Bearer ${tokens.read}" \\
-H "Accept: application/json" \\
${admin}/admin/customers/${customer.id}
`
}
