import type { Answer, Bank } from './bank.ts'
import { Failure } from './failure.ts'

const day = 24 * 60 * 60

/** What may be remembered under a key: a method, a path and its parameters in one text. */
export interface Question {
  key: string
  text: string
  requestId: string
}

/**
 * Looks the key up. An answer that is known is given again; nothing known means: go on, the key is taken now. Throws 400
 * where the key came with another question before, 409 while the first is still being answered.
 */
export function takeKey(bank: Bank, { key, text, requestId }: Question): Answer | undefined {
  if (key.length > 255)
    throw new Failure(
      400,
      {
        type: 'idempotency_error',
        message: 'Idempotency keys can be at most 255 characters.',
      },
      false,
    )
  const known = bank.answers.get(key)
  const at = bank.surroundings.now()
  if (!known || known.at + day <= at) {
    bank.answers.put({ id: key, question: text, state: 'running', status: 0, body: '', requestId, at })
    return undefined
  }
  if (known.question !== text) throw new Failure(400, { type: 'idempotency_error', message: changed(key) }, false)
  if (known.state === 'running') throw new Failure(409, { type: 'idempotency_error', ...inUse(key) }, false)
  return known
}

/** Keeps the first answer for a day, whatever it is, a 500 too. */
export function keepAnswer(bank: Bank, question: Question, status: number, body: string): void {
  const { key: id, text, requestId } = question
  bank.answers.put({ id, question: text, state: 'done', status, body, requestId, at: bank.surroundings.now() })
}

/** Nothing began: the key is free again. */
export function freeKey(bank: Bank, key: string): void {
  bank.answers.remove(key)
}

function changed(key: string): string {
  return `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
}

function inUse(key: string) {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}.`
  return { code: 'idempotency_key_in_use', message }
}
