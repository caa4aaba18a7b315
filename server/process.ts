import { ConfigError } from './config.ts'
import { type Clock, wholeSecond } from './platform/time.ts'

/** Stops on SIGTERM and SIGINT, and leaves at once when asked a second time or after half a minute. */
export function stopOnSignals(stop: () => Promise<void>): void {
  let isStopping = false
  const onSignal = () => {
    if (isStopping) process.exit(1)
    isStopping = true
    setTimeout(() => process.exit(1), 30_000).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', onSignal)
  process.on('SIGINT', onSignal)
}

/** Says why it did not start: without a stack where the cure is in the message. */
export function reportFailure(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') console.error('The port is in use. Stop what listens there, or choose another with PORT.')
  else console.error(error instanceof ConfigError || isPlain(error) ? error.message : error)
  process.exit(1)
}

/** Errors that we wrote for people have no code and no foreign name. */
function isPlain(error: unknown): error is Error {
  return error instanceof Error && error.name === 'Error' && !('code' in error)
}

/** What is kept is whole seconds (contract 1), cut off: nothing happens in the future. */
export const systemClock: Clock = () => wholeSecond(new Date())
