import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, bearer } from '../matrix/ask.ts'
import { expect, openWorld } from '../support/world.ts'

const world = await openWorld()
const club = await world.organizer()
const headers = bearer(club.writeToken)
const venue = { name: 'Halle', address: 'Street 1', city: 'Berlin', postal_code: '10115' }
const withoutId = ({ id: _, ...rest }: { id: number }) => rest

async function refusal(
  status: number,
  body: string | undefined,
  contentType?: string,
  method = 'POST',
  path = '/admin/venues',
) {
  const type: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType }
  const answer = await ask(world, method, path, { ...headers, ...type }, body)
  assert.equal(answer.status, status, `${body?.slice(0, 50)}: ${answer.text}`)
  return answer.json()
}

test('attributes come flat or wrapped in the singular name, and both make the same', async () => {
  const flat = expect(201, await world.send(club, 'POST', '/admin/venues', venue))
  const wrapped = expect(201, await world.send(club, 'POST', '/admin/venues', { venue }))
  assert.deepEqual(withoutId(flat), withoutId(wrapped))
  const changed = expect(200, await world.send(club, 'PATCH', `/admin/venues/${flat.id}`, { venue: { city: 'Bonn' } }))
  assert.deepEqual(changed, { ...flat, city: 'Bonn' })
})

test('unknown keys are ignored, flat and wrapped, also those that other languages know', async () => {
  const odd =
    '{"name":"Halle","address":"Street 1","city":"Berlin","postal_code":"10115","__proto__":{"country":"XX"},"constructor":1,"x":{"y":[]}}'
  const made = await ask(world, 'POST', '/admin/venues', headers, odd)
  assert.equal(made.status, 201, made.text)
  assert.equal((made.json() as { country: string }).country, 'DE')
  expect(201, await world.send(club, 'POST', '/admin/venues', { venue: { ...venue, utf8: '✓' }, commit: 'Save' }))
})

test('a change without attributes changes nothing: no body, an empty one, an empty wrapper', async () => {
  const made = expect(201, await world.send(club, 'POST', '/admin/venues', venue))
  for (const body of [undefined, '', '{}', 'null', '{"venue":{}}', '{"venue":null}', '{"other":{}}']) {
    const answer = await ask(world, 'PATCH', `/admin/venues/${made.id}`, headers, body)
    assert.equal(answer.status, 200, `${body}: ${answer.text}`)
    assert.deepEqual(answer.json(), made)
  }
})

test('an empty body has no type: form-urlencoded, text or none are all welcome', async () => {
  const { slug } = await world.event(club)
  for (const type of [
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json',
  ]) {
    const answer = await ask(world, 'POST', `/admin/events/${slug}/publication`, {
      ...headers,
      'content-type': type,
      'content-length': '0',
    })
    assert.equal(answer.status, 200, `${type}: ${answer.text}`)
  }
  assert.equal((await ask(world, 'POST', `/admin/events/${slug}/publication`, headers)).status, 200)
})

test('a body that is not JSON is 400', async () => {
  for (const body of [
    '{',
    '{"name":',
    "{'name':1}",
    'name=x',
    '{"a":1}}',
    '\u{feff}',
    'undefined',
    '{"name":"\u0000"}',
    '[1,]',
  ]) {
    assert.deepEqual(await refusal(400, body), { error: 'The body is not JSON' })
  }
  const broken = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])
  const answer = await world.app.inject({
    method: 'POST',
    url: '/admin/venues',
    headers: { ...headers, 'content-type': 'application/json' },
    payload: broken,
  })
  assert.deepEqual([answer.statusCode, answer.body], [400, '{"error":"The body is not JSON"}'])
})

test('JSON may begin with a byte order mark and name its charset', async () => {
  const text = JSON.stringify(venue)
  for (const [body, type] of [
    [`\u{feff}${text}`, 'application/json'],
    [text, 'application/json; charset=utf-8'],
    [text, 'Application/JSON;charset=UTF-8'],
    [text, 'application/vnd.api+json'],
  ] as const) {
    assert.equal(
      (await ask(world, 'POST', '/admin/venues', { ...headers, 'content-type': type }, body)).status,
      201,
      type,
    )
  }
})

test('a body of another type is 415', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'text/json5',
  ]) {
    assert.deepEqual(
      await refusal(415, JSON.stringify(venue), type),
      { error: 'The body must be JSON: send Content-Type: application/json' },
      type,
    )
  }
})

test('a body with a broken or empty type is 415', async () => {
  for (const type of ['', ';', 'json', 'application', '/', 'application/json/x']) {
    const body = await refusal(415, JSON.stringify(venue), type)
    assert.deepEqual(Object.keys(body as object), ['error'], type)
  }
})

test('a body too large is 413', async () => {
  assert.deepEqual(await refusal(413, JSON.stringify({ ...venue, x: 'y'.repeat(2 ** 20) })), {
    error: 'The body is too large',
  })
})

test('a body that is no object is 422', async () => {
  for (const body of ['[]', '"text"', '1', 'true', '[{"name":"x"}]']) {
    assert.deepEqual(await refusal(422, body), { errors: { base: ['must be an object'] } })
  }
})

test('a deeply nested body is refused and harms nobody', async () => {
  for (const depth of [1_000, 5_000, 20_000, 200_000]) {
    const text = `{"name":${'['.repeat(depth)}${']'.repeat(depth)}}`
    const answer = await ask(world, 'POST', '/admin/venues', headers, text)
    assert.ok([400, 422].includes(answer.status), `${depth}: ${answer.status} ${answer.text}`)
  }
})

test('NUL and half a character in a body are 422 on their field', async () => {
  const { id } = expect(201, await world.send(club, 'POST', '/admin/venues', venue))
  for (const text of ['a\\u0000b', '\\ud800', '\\udc00x']) {
    assert.deepEqual(await refusal(422, `{"name":"${text}"}`, undefined, 'PATCH', `/admin/venues/${id}`), {
      errors: { name: ['is invalid'] },
    })
    assert.deepEqual(await refusal(422, `{"venue":{"city":"${text}"}}`, undefined, 'PATCH', `/admin/venues/${id}`), {
      errors: { city: ['is invalid'] },
    })
  }
  expect(200, await world.send(club, 'PATCH', `/admin/venues/${id}`, { name: 'Grüße 🎟 \u{202e} ok' }))
})

test('each bad field is named, with a list of short messages in the usual wording', async () => {
  assert.deepEqual(await refusal(422, '{}'), {
    errors: {
      name: ["can't be blank"],
      address: ["can't be blank"],
      city: ["can't be blank"],
      postal_code: ["can't be blank"],
    },
  })
  const bad = { title: ' ', venue_id: 'x', starts_at: 'x', ends_at: 5, listed: 'yes', capacity: 1.5, minimum_age: 500 }
  assert.deepEqual(await refusal(422, JSON.stringify(bad), undefined, 'POST', '/admin/events'), {
    errors: {
      title: ["can't be blank"],
      venue_id: ['is invalid'],
      ends_at: ['is invalid'],
      listed: ['is not included in the list'],
      minimum_age: ['must be between 0 and 120'],
      capacity: ['is not a number'],
    },
  })
  const long = await refusal(422, JSON.stringify({ ...venue, name: 'x'.repeat(256) }))
  assert.deepEqual(long, { errors: { name: ['is too long (maximum is 255 characters)'] } })
})

test('null where a value is required reads as blank', async () => {
  const answer = await refusal(422, JSON.stringify({ ...venue, name: null }))
  assert.deepEqual(answer, { errors: { name: ["can't be blank"] } })
})
