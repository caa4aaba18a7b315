import { connect, type Socket } from 'node:net'

/** What the driver hands over when it wants to be connected; of several hosts in the URL the first is used. */
export interface Destination {
  host: string[]
  port: number[]
  path?: string
  fetch_types: boolean
  shared: { typeArrayMap: Record<number, number> }
}

/**
 * Opens what the driver talks through. It writes a query in pieces; with Nagle's algorithm each piece but the first would
 * wait for an acknowledgement that the other side puts off for 40 ms.
 *
 * A connection that breaks while the driver is about to write ends the whole process, or leaves a connection that never
 * answers again (porsager/postgres#1154, #1208). So the driver hears of the end late: first everything that waits for
 * an answer fails, also what is asked in reply to that, and only when it has no more to write does the socket close.
 */
export function openDatabaseSocket(destination: Destination): Socket {
  const { host, port, path, shared } = destination
  // Asked anew on each connection, and one that breaks meanwhile would end the process too; once known they stay so.
  if (Object.keys(shared.typeArrayMap).length > 0) destination.fetch_types = false
  const to = path ? { path } : { host: host[0] ?? 'localhost', port: port[0] ?? 5432 }
  const socket = connect({ ...to, noDelay: true })
  const emit = socket.emit.bind(socket)
  socket.emit = (event: string | symbol, ...rest: unknown[]) => {
    if (event !== 'close') return emit(event, ...rest)
    closeLate(socket, emit)
    return true
  }
  return socket
}

const quietTurns = 3

function closeLate(socket: Socket, emit: Socket['emit']): void {
  let quiet = 0
  socket.write = () => {
    quiet = 0
    return true
  }
  const turn = () => {
    if (socket.listenerCount('error') > 0) emit('error', connectionLost())
    if (++quiet > quietTurns) emit('close', false)
    else setImmediate(turn)
  }
  turn()
}

function connectionLost(): Error {
  return Object.assign(new Error('The connection to the database is lost'), { code: 'CONNECTION_CLOSED' })
}
