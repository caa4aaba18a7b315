import type { Bank, Task } from './bank.ts'
import { openDispute } from './disputes.ts'
import { decideRefund } from './refunds.ts'
import { settleLater } from './session-payments.ts'
import { endSession } from './sessions.ts'

/** Does everything that is due by now, in the order in which it was due. */
export function doWhatIsDue(bank: Bank): void {
  const now = bank.surroundings.now()
  if (now < bank.nextTaskAt) return
  const due = bank.tasks.all().filter(({ at }) => at <= now)
  for (const task of due.toSorted((a, b) => a.at - b.at)) {
    bank.tasks.remove(task.id)
    perform(bank, task)
  }
  bank.nextTaskAt = bank.tasks.all().reduce((soonest, { at }) => Math.min(soonest, at), Number.POSITIVE_INFINITY)
}

function perform(bank: Bank, { kind, subjectId, outcome }: Task): void {
  const settled = outcome === 'failed' ? 'failed' : 'succeeded'
  if (kind === 'settle_payment') settleLater(bank, subjectId, settled)
  if (kind === 'decide_refund') decideRefund(bank, subjectId, settled)
  if (kind === 'open_dispute') openDispute(bank, subjectId, outcome ?? 'fraudulent')
  if (kind === 'expire_session') {
    const record = bank.sessions.get(subjectId)
    if (record?.session.status === 'open') endSession(bank, record)
  }
}
