import { setTimeout as sleep } from 'node:timers/promises'

// biome-ignore lint/suspicious/noExplicitAny: every route's body goes through here; the verdict checks what came of it
type Body = any

export interface Answer {
  status: number
  body: Body
}

export interface Question {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  key?: string
  token?: string
}

/** Asks until there is an answer, however often the connection breaks or the server is not up to it. */
export interface PatientClient {
  ask(question: Question): Promise<Answer>
  counts: { asked: number; unanswered: number; unavailable: number }
  /** Answers that no crash excuses, in words. */
  bugs: string[]
}

const patienceMs = 600_000

export function patientClient(url: string, signal: AbortSignal): PatientClient {
  const counts = { asked: 0, unanswered: 0, unavailable: 0 }
  const bugs: string[] = []
  return {
    counts,
    bugs,
    async ask(question) {
      const deadline = performance.now() + patienceMs
      for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 1.5, 1000)) {
        signal.throwIfAborted()
        counts.asked++
        const answer = await send(url, question).catch(() => undefined)
        if (!answer) counts.unanswered++
        else if (answer.status === 500) bugs.push(`${question.method} ${question.path}: 500`)
        else if (!isPassing(answer)) return answer
        else counts.unavailable++
        if (performance.now() > deadline)
          throw new Error(`No answer for ten minutes: ${question.method} ${question.path} (${answer?.status})`)
        await sleep(pauseMs, undefined, { signal })
      }
    },
  }
}

/** Not now, says the server: the database or the bank is away, or a twin of the request still runs. */
function isPassing({ status, retryAfter }: Sent): boolean {
  return status === 503 || status === 429 || (status === 409 && retryAfter !== null)
}

type Sent = Answer & { retryAfter: string | null }

async function send(url: string, { method, path, body, key, token }: Question): Promise<Sent> {
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') && text !== ''
  return {
    status: answer.status,
    body: isJson ? JSON.parse(text) : undefined,
    retryAfter: answer.headers.get('retry-after'),
  }
}
