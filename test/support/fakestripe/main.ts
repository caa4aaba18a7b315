import { parseArgs } from 'node:util'
import { startFakeStripe } from './server.ts'

/** A fake Stripe of its own, which outlives whoever talks to it: `node test/support/fakestripe/main.ts --port 4300`. */

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    state: { type: 'string' },
    'webhook-secret': { type: 'string' },
    'webhook-url': { type: 'string' },
    'notices-at-once': { type: 'string' },
  },
})
const fake = await startFakeStripe({
  port: Number(values.port ?? 0),
  noticesAtOnce: Number(values['notices-at-once'] ?? 1),
  ...(values.state ? { statePath: values.state } : {}),
  ...(values['webhook-secret'] ? { webhookSecret: values['webhook-secret'] } : {}),
})
if (values['webhook-url']) await fake.subscribe(values['webhook-url'])
console.log(`Fake Stripe is listening at ${fake.url}`)
