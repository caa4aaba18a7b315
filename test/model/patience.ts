import type fc from 'fast-check'

/**
 * How long a property is tried: PROPERTY_RUNS histories, or as many as fit into the time that `npm test` has for it.
 * A failure prints its seed and path; PROPERTY_SEED and PROPERTY_PATH play it again.
 */
export function patience<Ts>(runs: number, seconds: number): fc.Parameters<Ts> {
  const { PROPERTY_RUNS, PROPERTY_SEED, PROPERTY_PATH } = process.env
  return {
    numRuns: PROPERTY_RUNS ? Number(PROPERTY_RUNS) : runs,
    ...(PROPERTY_RUNS ? {} : { interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false }),
    ...(PROPERTY_SEED ? { seed: Number(PROPERTY_SEED) } : {}),
    ...(PROPERTY_PATH ? { path: PROPERTY_PATH } : {}),
  }
}
