import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const everyMs = 1000

/**
 * A stop waits for requests that are being answered, and for nothing else: a browser opens connections that it may never
 * use, and Node.js alone would wait for these.
 */
export function closeUnusedConnections(app: FastifyInstance): void {
  const sockets = new Set<Socket>()
  const answers = new Set<ServerResponse>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.server.on('request', (_request, answer: ServerResponse) => {
    answers.add(answer)
    answer.once('close', () => answers.delete(answer))
  })
  const closeUnused = () => {
    const used = new Set([...answers].map(({ socket }) => socket))
    for (const socket of sockets) if (!used.has(socket)) socket.destroy()
  }
  app.addHook('preClose', async () => {
    // By then nobody is let in any more, and what was on its way has been read. Others are unused once they are answered.
    const timer = setInterval(closeUnused, everyMs).unref()
    app.server.once('close', () => clearInterval(timer))
  })
}
