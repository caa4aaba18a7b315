import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, Measured } from './load-generator.ts'

const script = fileURLToPath(new URL('load-generator.ts', import.meta.url))
let generator: ChildProcess | undefined

/** Puts the load on and resolves to what was measured. Throws where anything but a 2xx came back. One load at a time. */
export async function putLoad(load: Load): Promise<Measured> {
  generator ??= fork(script)
  generator.send(load)
  const [answer]: { measured?: Measured; error?: string }[] = await once(generator, 'message')
  if (!answer?.measured) throw new Error(answer?.error ?? 'the load tool ended')
  return answer.measured
}

export function endLoad(): void {
  generator?.kill()
  generator = undefined
}
