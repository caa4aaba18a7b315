import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { startDebianPostgres } from './support/debian-postgres.ts'
import { startTestPostgres } from './support/test-postgres.ts'

/** `npm test`: everything that must hold, in one go. `npm test -- server/customers` runs the tests below that folder. */

const needed: [file: string, debianPackage: string][] = [
  ['/usr/lib/postgresql', 'postgresql'],
  ['/usr/bin/curl', 'curl'],
  ['/usr/bin/chromium', 'chromium'],
  ['/usr/bin/pdftotext', 'poppler-utils'],
  ['/usr/bin/zbarimg', 'zbar-tools'],
]
/** What depends on PostgreSQL most runs a second time, on Debian's version. */
const alsoOnDebians = ['server/customers', 'server/imports', 'server/orders', 'test/matrix/ownership.test.ts']

const root = new URL('..', import.meta.url).pathname
const chosen = process.argv.slice(2)

const missing = needed.filter(([file]) => !existsSync(file)).map(([, name]) => name)
if (missing.length > 0) {
  console.error(
    `The tests need Debian's ${missing.join(', ')}. Install with:\n  apt-get install -y ${missing.join(' ')}`,
  )
  process.exit(1)
}

const whole = [
  () => run('tsc', ['--noEmit']),
  () => run('biome', ['check', '.']),
  () => run('knip', ['--no-config-hints']),
  () => runTests(startTestPostgres, ['server', 'test']),
  () => runTests(startDebianPostgres, alsoOnDebians),
]
for (const step of chosen.length > 0 ? [() => runTests(startTestPostgres, chosen)] : whole) {
  if (!(await step())) process.exit(1)
}

async function runTests(start: typeof startTestPostgres, places: string[]): Promise<boolean> {
  const postgres = await start()
  try {
    const args = ['--test', '--test-concurrency=2', '--test-reporter=spec', ...(await testFiles(places))]
    return await run(process.execPath, args, { TEST_DATABASE_URL: postgres.url })
  } finally {
    await postgres.stop()
  }
}

async function testFiles(places: string[]): Promise<string[]> {
  const files: string[] = []
  for (const place of places) {
    const pattern = place.endsWith('.ts') ? place : `${place}/**/*.test.ts`
    for await (const file of glob(pattern, { cwd: root })) files.push(file)
  }
  return files.sort()
}

async function run(command: string, args: string[], environment: Record<string, string> = {}): Promise<boolean> {
  console.log(
    `\n> ${command} ${args.length > 8 ? `${args.slice(0, 4).join(' ')} … (${args.length - 3} files)` : args.join(' ')}`,
  )
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return code === 0
}
