export interface CurlRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
}

/** What a curl command of the docs sends. Throws for an option that the docs have not used so far. */
export function readCurl(command: string): CurlRequest {
  const [program, ...words] = shellWords(command)
  if (program !== 'curl') throw new Error(`not a curl command: ${command}`)
  const request: CurlRequest = { method: '', url: '', headers: {}, body: undefined }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = () => words.shift() ?? ''
    if (word === '-X') request.method = value()
    else if (word === '-I') request.method = 'HEAD'
    else if (word === '-o') value()
    else if (word === '-d') request.body = value()
    else if (word === '-H') {
      const [name = '', ...rest] = value().split(':')
      request.headers[name.toLowerCase()] = rest.join(':').trim()
    } else if (/^https?:/.test(word)) request.url = word
    else throw new Error(`curl ${word} is new to test/docs/curl.ts`)
  }
  return withDefaults(request)
}

/** As curl does: a body makes it a POST of a form, unless it is told otherwise. */
function withDefaults(request: CurlRequest): CurlRequest {
  const hasBody = request.body !== undefined
  const headers = hasBody
    ? { 'content-type': 'application/x-www-form-urlencoded', ...request.headers }
    : request.headers
  return { ...request, method: request.method || (hasBody ? 'POST' : 'GET'), headers: { accept: '*/*', ...headers } }
}

function shellWords(command: string): string[] {
  const words = command.replaceAll('\\\n', ' ').match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double))
}
