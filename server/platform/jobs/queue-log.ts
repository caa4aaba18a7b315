import type { Logger } from 'graphile-worker'

/** What the log is told of the queue: which job, and what kind of error. No texts: they hold addresses. */
interface QueueNews {
  job?: string
  attempt?: number
  code?: string
}

export type Tell = (news: QueueNews, message: string) => void

export const silence = () => {}

/** The queue's logger: tells errors and warnings, without personal data. */
export async function queueLogger(tell: Tell): Promise<Logger> {
  const { Logger } = await import('graphile-worker')
  return new Logger(() => (level, _message, meta) => {
    if (level !== 'error' && level !== 'warning') return
    tell(newsOf(meta), meta.failure ? 'a job failed and will be tried again' : 'the queue has trouble')
  })
}

function newsOf(meta: Record<string, unknown>): QueueNews {
  const job = meta.job as { task_identifier: string; attempts: number } | undefined // as the queue's worker.js has it
  const { code } = (meta.error ?? meta.fatalError ?? {}) as { code?: string } // Node's and PostgreSQL's errors have one
  return { ...(job && { job: job.task_identifier, attempt: job.attempts }), ...(code && { code }) }
}
