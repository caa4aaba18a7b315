import type { Command } from 'commander'
import type { Account } from '../accounts/account.ts'
import { findAccountBySubdomain } from '../accounts/queries.ts'
import { type Config, readConfig } from '../config.ts'
import { type Installation, openInstallation } from '../installation.ts'
import { Refusal } from '../platform/refusal.ts'

export interface Outcome {
  /** What `--json` prints. */
  result: object
  /** What people read. */
  text: string
  exitCode?: number
}

const refused = 1

/** Opens the installation, does the act, prints its outcome, and closes again whatever happens. */
export async function runCommand(
  command: Command,
  act: (installation: Installation, config: Config) => Promise<Outcome>,
  options: { migrates?: boolean } = {},
): Promise<void> {
  const wantsJson = command.optsWithGlobals().json === true
  const config = readConfig(process.env)
  const installation = await openInstallation(config, (message) => console.error(message), options)
  try {
    const { result, text, exitCode } = await act(installation, config)
    console.log(wantsJson ? JSON.stringify(result) : text)
    process.exitCode = exitCode ?? 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (wantsJson) console.log(JSON.stringify(error.body))
    console.error(error.message)
    process.exitCode = refused
  } finally {
    await installation.close()
  }
}

/** Throws 404 with the cure. */
export async function accountNamed({ db }: Installation, subdomain: string): Promise<Account> {
  const found = await findAccountBySubdomain(db, subdomain)
  if (!found)
    throw new Refusal(404, { error: `There is no account "${subdomain}". Make it with: foyer account create` })
  return found
}

/** One line on standard error that is written over again and again; nothing where no person is looking. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** Ends the line that `showProgress` kept. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}
