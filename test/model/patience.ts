import type fc from 'fast-check'

/**
 * Tries a property `runs` times (PROPERTY_RUNS), or less often once `seconds` (PROPERTY_SECONDS) are over: `within`
 * wraps the property's body, which then passes without being tried. A failure has the same time again to be shrunk, and
 * prints its seed and path; PROPERTY_SEED and PROPERTY_PATH play it again.
 */
export function patience(runs: number, seconds: number) {
  const { PROPERTY_RUNS, PROPERTY_SECONDS, PROPERTY_SEED, PROPERTY_PATH } = process.env
  const limitMs = Number(PROPERTY_SECONDS ?? seconds) * 1000
  let deadline: number | undefined
  let hasFailed = false

  function within<Inputs extends unknown[]>(
    body: (...inputs: Inputs) => Promise<void>,
  ): (...inputs: Inputs) => Promise<void> {
    return async (...inputs) => {
      deadline ??= performance.now() + limitMs
      if (performance.now() > deadline) return
      try {
        await body(...inputs)
      } catch (error) {
        if (!hasFailed) deadline = performance.now() + limitMs
        hasFailed = true
        throw error
      }
    }
  }
  const parameters: Pick<fc.Parameters, 'numRuns' | 'seed' | 'path'> = {
    numRuns: Number(PROPERTY_RUNS ?? runs),
    ...(PROPERTY_SEED ? { seed: Number(PROPERTY_SEED) } : {}),
    ...(PROPERTY_PATH ? { path: PROPERTY_PATH } : {}),
  }
  return { within, parameters }
}
