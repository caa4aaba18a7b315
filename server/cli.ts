#!/usr/bin/env -S node --max-semi-space-size=8
import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError } from 'commander'
import { addAccountCommands } from './commands/account-commands.ts'
import { addRecordCommands } from './commands/record-commands.ts'
import { reportFailure, systemClock } from './process.ts'

// Garbage is collected sooner than by a server: a million rows go through here, and none is kept.
setFlagsFromString('--heap-growing-percent=40')

const misused = 2

const foyer = new Command('foyer')
  .description('The box office on the command line. Works while the server runs and while it does not.')
  .option('--json', 'print one JSON object')
  .exitOverride()
  .showHelpAfterError('(add --help for what is possible)')
  .configureHelp({ showGlobalOptions: true })
addAccountCommands(foyer, systemClock)
addRecordCommands(foyer, systemClock)

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
