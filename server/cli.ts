#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander'
import { createAccount } from './accounts/create-account.ts'
import { createToken } from './accounts/create-token.ts'
import { findAccountBySubdomain } from './accounts/queries.ts'
import { revokeToken } from './accounts/revoke-token.ts'
import { getSettings, setSetting } from './accounts/settings-command.ts'
import { readConfig } from './config.ts'
import { type Installation, openInstallation } from './installation.ts'
import { reportFailure, systemClock } from './main.ts'
import { Refusal } from './platform/refusal.ts'

const refused = 1
const misused = 2

const foyer = new Command('foyer')
  .description('The box office on the command line. Works while the server runs and while it does not.')
  .option('--json', 'print one JSON object')
  .exitOverride()
  .showHelpAfterError('(add --help for what is possible)')
  .configureHelp({ showGlobalOptions: true })

const account = foyer.command('account').description('organisers')
account
  .command('create')
  .description('make an account and its owner')
  .requiredOption('--name <name>', "the organiser's name")
  .requiredOption('--subdomain <subdomain>', 'where its shop lives: <subdomain>.<your host>')
  .option('--currency <code>', 'ISO 4217 code', 'EUR')
  .option('--time-zone <zone>', 'decides what "today" is', 'Europe/Berlin')
  .requiredOption('--owner-email <email>', 'who owns it')
  .option('--owner-password-stdin', "read the owner's password from standard input")
  .action((options) =>
    run(async ({ db }) => {
      const ownerPassword = options.ownerPasswordStdin ? await readStandardInput() : undefined
      const made = await createAccount(db, { ...options, ownerPassword, now: systemClock() })
      return { result: made, text: `Made account ${made.subdomain} (id ${made.id}).` }
    }),
  )

const token = foyer.command('token').description('API tokens')
token
  .command('create')
  .description('make an API token; it is shown this once')
  .requiredOption('--account <subdomain>')
  .requiredOption('--description <text>', 'what it is for')
  .addOption(new Option('--permission <permission>').choices(['read', 'write']).makeOptionMandatory())
  .action((options) =>
    run(async (installation) => {
      const { id: accountId } = await ownAccount(installation, options.account)
      const made = await createToken(installation.db, accountId, { ...options, now: systemClock() })
      return { result: made, text: `${made.token}\n(token ${made.id}; it is not shown again)` }
    }),
  )
token
  .command('revoke')
  .description('end a token at once')
  .argument('<id>')
  .requiredOption('--account <subdomain>')
  .action((id, options) =>
    run(async (installation) => {
      const { id: accountId } = await ownAccount(installation, options.account)
      await revokeToken(installation.db, accountId, id, systemClock())
      return { result: { id: Number(id), revoked: true }, text: `Token ${id} is revoked.` }
    }),
  )

const settings = foyer.command('settings').description("an account's settings")
settings
  .command('get')
  .argument('[key]')
  .requiredOption('--account <subdomain>')
  .action((key, options) =>
    run(async (installation, config) => {
      const { id: accountId } = await ownAccount(installation, options.account)
      return getSettings(installation.db, accountId, key, config.holdMinutes)
    }),
  )
settings
  .command('set')
  .argument('<key>')
  .argument('[value]', 'left out: clears it')
  .requiredOption('--account <subdomain>')
  .action((key, value, options) =>
    run(async (installation, config) => {
      const { id: accountId } = await ownAccount(installation, options.account)
      return setSetting(installation.db, accountId, key, value, config.holdMinutes)
    }),
  )

interface Outcome {
  result: object
  text: string
  exitCode?: number
}

/** Opens the installation, does the act, prints its outcome, and closes again whatever happens. */
async function run(
  act: (installation: Installation, config: ReturnType<typeof readConfig>) => Promise<Outcome>,
): Promise<void> {
  const config = readConfig(process.env)
  const installation = await openInstallation(config, (message) => console.error(message))
  try {
    const { result, text, exitCode } = await act(installation, config)
    console.log(foyer.opts().json ? JSON.stringify(result) : text)
    process.exitCode = exitCode ?? 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (foyer.opts().json) console.log(JSON.stringify(error.body))
    console.error(error.message)
    process.exitCode = refused
  } finally {
    await installation.close()
  }
}

async function ownAccount({ db }: Installation, subdomain: string) {
  const found = await findAccountBySubdomain(db, subdomain)
  if (!found)
    throw new Refusal(404, { error: `There is no account "${subdomain}". Make it with: foyer account create` })
  return found
}

async function readStandardInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text.replace(/\r?\n$/, '')
}

/** `--json` counts wherever it stands. */
function withJsonFirst(words: string[]): string[] {
  return words.includes('--json') ? ['--json', ...words.filter((word) => word !== '--json')] : words
}

try {
  await foyer.parseAsync(withJsonFirst(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : misused
  else reportFailure(error)
}
