import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { controlFakeStripe, defaultWebhookSecret, type FakeStripeControls } from './client.ts'

export interface FakeStripeProcess extends FakeStripeControls {
  webhookSecret: string
  /** Kills it as a power cut would. */
  kill(): Promise<void>
}

const main = fileURLToPath(new URL('main.ts', import.meta.url))

/** Starts a fake Stripe as its own process, which is killed at the latest after the file's last test. */
export async function startFakeStripeProcess(
  options: { port?: number; statePath?: string; noticesAtOnce?: number } = {},
): Promise<FakeStripeProcess> {
  const given = [
    ['--port', String(options.port ?? 0)],
    ['--notices-at-once', String(options.noticesAtOnce ?? 1)],
    options.statePath ? ['--state', options.statePath] : [],
  ]
  const child = spawn(process.execPath, [main, ...given.flat()], { stdio: ['ignore', 'pipe', 'inherit'] })
  after(() => killed(child))
  const url = await announcedUrl(child)
  return { ...controlFakeStripe(url), webhookSecret: defaultWebhookSecret, kill: () => killed(child) }
}

async function announcedUrl(child: ChildProcess): Promise<string> {
  let output = ''
  for await (const chunk of child.stdout ?? []) {
    output += chunk
    const url = /listening at (\S+)\n/.exec(output)?.[1]
    if (url) return url
  }
  throw new Error(`The fake Stripe did not start: ${output}`)
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
