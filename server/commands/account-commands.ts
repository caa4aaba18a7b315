import { type Command, Option } from 'commander'
import { createAccount } from '../accounts/create-account.ts'
import { createToken } from '../accounts/create-token.ts'
import { revokeToken } from '../accounts/revoke-token.ts'
import type { Clock } from '../platform/time.ts'
import { accountNamed, runCommand } from './run-command.ts'

/** `foyer account …`, `foyer token …`, `foyer settings …`. */
export function addAccountCommands(foyer: Command, clock: Clock): void {
  addAccount(foyer, clock)
  addToken(foyer, clock)
  addSettings(foyer)
}

function addAccount(foyer: Command, clock: Clock): void {
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
    .action((options, command: Command) =>
      runCommand(command, async ({ db }) => {
        const ownerPassword = options.ownerPasswordStdin ? await readStandardInput() : undefined
        const made = await createAccount(db, { ...options, ownerPassword, now: clock() })
        return { result: made, text: `Made account ${made.subdomain} (id ${made.id}).` }
      }),
    )
}

function addToken(foyer: Command, clock: Clock): void {
  const token = foyer.command('token').description('API tokens')
  token
    .command('create')
    .description('make an API token; it is shown this once')
    .requiredOption('--account <subdomain>')
    .requiredOption('--description <text>', 'what it is for')
    .addOption(new Option('--permission <permission>').choices(['read', 'write']).makeOptionMandatory())
    .action((options, command: Command) =>
      runCommand(command, async (installation) => {
        const { id: accountId } = await accountNamed(installation, options.account)
        const made = await createToken(installation.db, accountId, { ...options, now: clock() })
        return { result: made, text: `${made.token}\n(token ${made.id}; it is not shown again)` }
      }),
    )
  token
    .command('revoke')
    .description('end a token at once')
    .argument('<id>')
    .requiredOption('--account <subdomain>')
    .action((id, options, command: Command) =>
      runCommand(command, async (installation) => {
        const { id: accountId } = await accountNamed(installation, options.account)
        await revokeToken(installation.db, accountId, id, clock())
        return { result: { id: Number(id), revoked: true }, text: `Token ${id} is revoked.` }
      }),
    )
}

function addSettings(foyer: Command): void {
  const settings = foyer.command('settings').description("an account's settings")
  settings
    .command('get')
    .description('print one setting, or all')
    .argument('[key]')
    .requiredOption('--account <subdomain>')
    .action((key, options, command: Command) =>
      runCommand(command, async (installation, config) => {
        const { id: accountId } = await accountNamed(installation, options.account)
        const { getSettings } = await settingsCommand()
        return getSettings(installation.db, accountId, key, config.holdMinutes)
      }),
    )
  settings
    .command('set')
    .description('change a setting; without a value it is cleared')
    .argument('<key>')
    .argument('[value]')
    .requiredOption('--account <subdomain>')
    .action((key, value, options, command: Command) =>
      runCommand(command, async (installation, config) => {
        const { id: accountId } = await accountNamed(installation, options.account)
        const { setSetting } = await settingsCommand()
        return setSetting(installation.db, accountId, key, value, config)
      }),
    )
}

/** Brings the settings' schema along, which no other command needs: a quarter of a second. */
const settingsCommand = () => import('../accounts/settings-command.ts')

async function readStandardInput(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  return text.replace(/\r?\n$/, '')
}
