/** An expected no: thrown by acts, answered by the door in one of the contract's two shapes. Anything else is a bug. */
export class Refusal extends Error {
  readonly status: number
  readonly body: { error: string } | { errors: Record<string, string[]> }
  readonly headers: Record<string, string>

  constructor(status: number, body: Refusal['body'], headers: Record<string, string> = {}) {
    super('error' in body ? body.error : describeErrors(body.errors))
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** 404: unknown, or another account's: the answer is the same, so that nothing shows that it exists. */
export const notFound = () => new Refusal(404, { error: 'Not found' })

/** 409: the state forbids the act. */
export const conflict = (message: string) => new Refusal(409, { errors: { base: [message] } })

/** 422: `field` is the input's name on the wire; `message` reads on after it ("can't be blank"). */
export const invalid = (field: string, message: string) => new Refusal(422, { errors: { [field]: [message] } })

/** 401: no token, a bad one, or one that may not do this. */
export const unauthorized = (message: string) =>
  new Refusal(401, { error: message }, { 'www-authenticate': 'Bearer realm="Foyer"' })

function describeErrors(errors: Record<string, string[]>): string {
  return Object.entries(errors)
    .map(([field, messages]) => (field === 'base' ? messages.join(', ') : `${field} ${messages.join(', ')}`))
    .join('; ')
}
