import { isDeadlock, type Tx, transaction, violatedConstraint } from '../platform/database.ts'

const maxAttempts = 5

/**
 * Others may take a code or a slug between the look and the write, or wait crosswise: then what `act` has written is
 * taken back and done again.
 *
 * Leaves no savepoint behind: PostgreSQL asks one after the other whether a row that it meets is theirs.
 */
export async function orAgain<T>(tx: Tx, act: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await tx`savepoint attempt`
    try {
      const done = await transaction(tx, act)
      await tx`release savepoint attempt`
      return done
    } catch (error) {
      const isCrossed = violatedConstraint(error) !== undefined || isDeadlock(error)
      if (!isCrossed || attempt === maxAttempts) throw error
    }
  }
}
