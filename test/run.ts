import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { startTestPostgres } from './support/test-postgres.ts'

/** `npm test`: everything that must hold, in one go. `npm test -- server/customers` runs the tests below that folder. */

const needed: [file: string, debianPackage: string][] = [['/usr/lib/postgresql', 'postgresql']]

const missing = needed.filter(([file]) => !existsSync(file)).map(([, name]) => name)
if (missing.length > 0) {
  console.error(
    `The tests need Debian's ${missing.join(', ')}. Install with:\n  apt-get install -y ${missing.join(' ')}`,
  )
  process.exit(1)
}

const folders = process.argv.slice(2)
const root = new URL('..', import.meta.url).pathname

async function run(command: string, args: string[], environment: Record<string, string> = {}): Promise<boolean> {
  console.log(`\n> ${command} ${args.length > 8 ? `${args.slice(0, 6).join(' ')} …` : args.join(' ')}`)
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return code === 0
}

async function testFiles(): Promise<string[]> {
  const patterns = (folders.length > 0 ? folders : ['server', 'test']).map((folder) =>
    folder.endsWith('.ts') ? folder : `${folder}/**/*.test.ts`,
  )
  const files: string[] = []
  for (const pattern of patterns) for await (const file of glob(pattern, { cwd: root })) files.push(file)
  return files.sort()
}

async function runTests(): Promise<boolean> {
  const postgres = await startTestPostgres()
  try {
    const args = ['--test', '--test-concurrency=2', '--test-reporter=spec', ...(await testFiles())]
    return await run(process.execPath, args, {
      TEST_DATABASE_URL: postgres.url,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
    })
  } finally {
    await postgres.stop()
  }
}

const checks =
  folders.length > 0 ? [] : [() => run('tsc', ['--noEmit']), () => run('biome', ['check', '.']), () => run('knip', [])]
for (const check of [...checks, runTests]) {
  if (!(await check())) process.exit(1)
}
