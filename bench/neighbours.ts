import { once } from 'node:events'
import { Agent, get } from 'node:http'
import postgres from 'postgres'

/** Neighbours who never pause, in a process of their own: each does its one thing until the process is ended. */
export type NeighbourTask = { url: string; headers: Record<string, string> } | { databaseUrl: string }

const agent = new Agent({ keepAlive: true })

async function askForEver(url: string, headers: Record<string, string>, onFirst: () => void): Promise<never> {
  for (;;) {
    const [response] = await once(get(url, { headers, agent }), 'response')
    if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`)
    onFirst()
    response.resume()
    await once(response, 'end')
  }
}

async function selectForEver(databaseUrl: string, onFirst: () => void): Promise<never> {
  const sql = postgres(databaseUrl, { max: 1 })
  for (;;) {
    await sql`select 1`
    onFirst()
  }
}

process.on('message', (tasks: NeighbourTask[]) => {
  let begun = 0
  const running = tasks.map((task) => {
    let isFirst = true
    const onFirst = () => {
      if (!isFirst) return
      isFirst = false
      begun += 1
      if (begun === tasks.length) process.send?.('all at it')
    }
    return 'url' in task ? askForEver(task.url, task.headers, onFirst) : selectForEver(task.databaseUrl, onFirst)
  })
  Promise.all(running).catch((error: Error) => {
    console.error(error.message)
    process.exit(1)
  })
})

// Whoever asked is gone.
process.on('disconnect', () => process.exit())
