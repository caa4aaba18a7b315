import { connect, type Socket } from 'node:net'
import { wholeResults } from './whole-results.ts'

/** What the driver hands over when it wants to be connected; of several hosts in the URL the first is used. */
export interface Destination {
  host: string[]
  port: number[]
  path?: string
  fetch_types: boolean
  shared: { typeArrayMap: Record<number, number> }
}

const startupVersion = 196_608

/**
 * For the startup message: PostgreSQL reads "ISO" and blanks as "ISO". The driver holds small messages back for a moment,
 * and where a connection broke in that moment, for ever: the next one on its place would never say a word and never
 * answer. A message of a kilobyte takes what was held back along.
 */
export const longDateStyle = `ISO${' '.repeat(1024)}`

/**
 * Opens what the driver talks through. It writes a query in pieces; with Nagle's algorithm each piece but the first would
 * wait for an acknowledgement that the other side puts off for 40 ms.
 *
 * It is also where the driver is kept from harm by connections that break (porsager/postgres#1154, #1208): what was held
 * back for the old one is not told to the new one, everything that waits for an answer fails, and half a result is none.
 */
export function openDatabaseSocket(destination: Destination): Socket {
  const { host, port, path, shared } = destination
  // Asked anew on each connection, and one that breaks meanwhile would end the process; once known they stay so.
  if (Object.keys(shared.typeArrayMap).length > 0) destination.fetch_types = false
  const to = path ? { path } : { host: host[0] ?? 'localhost', port: port[0] ?? 5432 }
  const socket = connect({ ...to, noDelay: true })
  const emit = socket.emit.bind(socket)
  // After an error the driver takes it that nothing waits any more; something may have come in between.
  const close = () => emit('close', false)
  const receive = wholeResults((bytes) => emit('data', bytes))
  let isSecure: boolean | undefined
  socket.emit = (event: string | symbol, ...rest: unknown[]) => {
    if (event === 'close') return close()
    if (event !== 'data') return emit(event, ...rest)
    const bytes = rest[0] as Buffer // no encoding is set
    // A single byte is the answer to whether to go on in TLS: what comes then is no longer ours to read.
    isSecure ??= bytes.length === 1
    if (isSecure) return emit('data', bytes)
    receive(bytes)
    return true
  }
  const write: (chunk: Buffer, written?: () => void) => boolean = socket.write.bind(socket)
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    socket.write = write as Socket['write'] // bound, and otherwise the same
    const [written] = rest as [(() => void)?] // as the driver calls it
    return write(fromStartup(Buffer.from(chunk)), written)
  }
  return socket
}

/** The first words on a new connection, without what was meant for an old one. */
function fromStartup(chunk: Buffer): Buffer {
  for (let start = 0; start + 8 <= chunk.length; start++)
    if (chunk.readInt32BE(start) === chunk.length - start && chunk.readInt32BE(start + 4) === startupVersion)
      return chunk.subarray(start)
  return chunk
}
