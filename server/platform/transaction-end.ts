/**
 * Runs `act` in what `begin` opens. The driver does not notice that its transaction died with its connection, and would
 * go on with it on the next one, where another's may be by then: what `act` still asks for is refused, and nothing is
 * committed or rolled back for it. Rejects with the error that broke the connection.
 */
export async function untilLost<Tx extends object, T>(
  begin: (act: (tx: Tx) => Promise<T>) => Promise<T>,
  act: (tx: Tx) => Promise<T>,
): Promise<T> {
  let isOver = false
  let lose: (error: unknown) => void = () => {}
  const lost = new Promise<never>((_, reject) => {
    lose = reject
  })
  const run = begin(async (tx) => {
    try {
      const result = await act(whileOpen(tx, () => isOver))
      return isOver ? await never : result
    } catch (error) {
      if (!isOver && !isConnectionLost(error)) throw error
      lose(error)
      return never
    }
  })
  try {
    return await Promise.race([run, lost])
  } finally {
    isOver = true
    run.catch(() => {})
    lost.catch(() => {})
  }
}

const never = new Promise<never>(() => {})

/** The words of the driver, of the system, and of a PostgreSQL that ends the connection (57P0x). */
function isConnectionLost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^(CONNECTION_(CLOSED|ENDED|DESTROYED)|57P0.|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code)
}

function whileOpen<Tx extends object>(tx: Tx, isOver: () => boolean): Tx {
  const refuseIfOver = () => {
    if (isOver()) throw Object.assign(new Error('The transaction is over'), { code: 'CONNECTION_CLOSED' })
  }
  return new Proxy(tx, {
    apply(target, self, given) {
      refuseIfOver()
      return Reflect.apply(target as unknown as (...all: unknown[]) => unknown, self, given) // `Tx` is the driver's function
    },
    get(target, name) {
      refuseIfOver()
      return Reflect.get(target, name)
    },
  })
}
