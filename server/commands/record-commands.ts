import { createReadStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { setPriority, constants as system } from 'node:os'
import type { Command } from 'commander'
import { restoreBackup } from '../backup/restore-backup.ts'
import { writeBackup } from '../backup/write-backup.ts'
import { examine } from '../doctor/examine.ts'
import { presentReport } from '../doctor/present-report.ts'
import { importOrders } from '../imports/import-orders.ts'
import { foldDailyTotals } from '../platform/daily-totals.ts'
import { Refusal } from '../platform/refusal.ts'
import type { Clock } from '../platform/time.ts'
import { accountNamed, endProgress, runCommand, showProgress } from './run-command.ts'

const broken = 1

/** `foyer import orders`, `foyer doctor`, `foyer backup`, `foyer restore`. */
export function addRecordCommands(foyer: Command, clock: Clock): void {
  addImport(foyer, clock)
  addDoctor(foyer, clock)
  addBackup(foyer, clock)
}

function addImport(foyer: Command, clock: Clock): void {
  foyer
    .command('import')
    .description('bring in what was sold elsewhere')
    .command('orders')
    .description('paid orders, one a line of JSON; all of them or none')
    .argument('<file>', 'or - for standard input')
    .requiredOption('--account <subdomain>')
    .option('--create-events', 'make events that are not known', false)
    .option('--dry-run', 'check and count, write nothing', false)
    .action((file, options, command: Command) =>
      runCommand(command, async (installation) => {
        const account = await accountNamed(installation, options.account)
        // Reading has time to spare. A shop that sells meanwhile, and the database that writes, come first.
        setPriority(system.priority.PRIORITY_BELOW_NORMAL)
        const source = file === '-' ? process.stdin : await openFile(file)
        const onProgress = (lines: number, phase: string) => showProgress(`${phase}: ${lines} lines`)
        const { createEvents, dryRun } = options
        const result = await importOrders(installation.db, account, source, {
          createEvents,
          dryRun,
          now: clock(),
          onProgress,
        })
        await foldDailyTotals(installation.db)
        endProgress()
        const { imported, skipped, customers } = result
        const verb = dryRun ? 'Would import' : 'Imported'
        return { result, text: `${verb} ${imported} orders, skipped ${skipped}, ${customers} new customers.` }
      }),
    )
}

function addDoctor(foyer: Command, clock: Clock): void {
  foyer
    .command('doctor')
    .description('recompute every sum, stock and link from scratch, and say what is broken')
    .action((_options, command: Command) =>
      runCommand(command, async ({ db }) => {
        const report = await examine(db, clock())
        return { result: report, text: presentReport(report), exitCode: report.ok ? 0 : broken }
      }),
    )
}

function addBackup(foyer: Command, clock: Clock): void {
  const onProgress = (table: string, rows: number) => showProgress(`${table}: ${rows} rows`)
  foyer
    .command('backup')
    .description('write everything into one new file, as it is at this moment; the shop goes on selling')
    .argument('<file>', 'holds personal data: keep it safe')
    .action((file, _options, command: Command) =>
      runCommand(command, async ({ db }) => {
        const result = await writeBackup(db, file, { now: clock(), onProgress })
        endProgress()
        return { result, text: `Wrote ${file}: ${result.tables} tables, ${result.rows} rows, ${result.bytes} bytes.` }
      }),
    )
  foyer
    .command('restore')
    .description('fill an empty installation with a backup')
    .argument('<file>')
    .action((file, _options, command: Command) =>
      runCommand(
        command,
        async ({ db }) => {
          const result = await restoreBackup(db, file, { onProgress })
          endProgress()
          return { result, text: `Restored ${result.tables} tables, ${result.rows} rows, as of ${result.createdAt}.` }
        },
        { migrates: false },
      ),
    )
}

async function openFile(file: string) {
  await access(file, constants.R_OK).catch(() => {
    throw new Refusal(422, { error: `${file} can't be read. Name a file, or - for standard input.` })
  })
  return createReadStream(file)
}
