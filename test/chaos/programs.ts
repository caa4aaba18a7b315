import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Program {
  child: ChildProcess
  /** What it wrote last, at most 20,000 letters. */
  lastWords(): string
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Starts a TypeScript program of this checkout. `preload` runs before it. */
export function startProgram(file: string, args: string[], env: Record<string, string>, preload?: string): Program {
  const imports = preload === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`]
  const child = spawn(process.execPath, [...imports, `${root}/${file}`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      words = (words + chunk).slice(-20_000)
    })
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  return { child, lastWords: () => words, ended }
}

/** Runs the program to its end. Resolves to what it wrote on standard output; throws where it says no. */
export async function runProgram(file: string, args: string[], env: Record<string, string>): Promise<string> {
  const program = startProgram(file, args, env)
  let output = ''
  program.child.stdout?.on('data', (chunk) => (output += chunk))
  const { code } = await program.ended
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${program.lastWords()}`)
  return output
}

export async function killProgram(program: Program): Promise<void> {
  program.child.kill('SIGKILL')
  await program.ended
}
