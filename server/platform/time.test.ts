import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { localDate, parseInstant, wholeSecond, wireTime } from './time.ts'

const read = (text: string, zone = 'Europe/Berlin') => {
  const instant = parseInstant(text, zone)
  return instant && wireTime(instant)
}
const anInstant = fc.date({
  min: new Date('1900-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
})
const zone = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'Pacific/Auckland',
  'America/St_Johns',
  'Pacific/Apia',
)

test('an instant is written in UTC to the whole second', () => {
  assert.equal(wireTime(new Date('2026-04-22T12:34:50.999Z')), '2026-04-22T12:34:50Z')
  assert.equal(wireTime(new Date(-1)), '1969-12-31T23:59:59Z')
  assert.equal(wholeSecond(new Date('2026-04-22T12:34:50.999Z')).toISOString(), '2026-04-22T12:34:50.000Z')
  fc.assert(fc.property(anInstant, (instant) => assert.equal(wireTime(wholeSecond(instant)), wireTime(instant))))
})

test('an instant written out is read back the same, in any zone', () => {
  fc.assert(
    fc.property(anInstant, zone, (instant, where) =>
      assert.deepEqual(parseInstant(wireTime(instant), where), wholeSecond(instant)),
    ),
  )
})

test('an offset may be written in every way of ISO 8601', () => {
  const same = [
    'T12:34:50Z',
    't12:34:50z',
    ' 12:34:50Z',
    'T14:34:50+02:00',
    'T14:34:50+0200',
    'T14:34:50+02',
    'T07:04:50-05:30',
    'T12:34:50-00:00',
  ]
  const fractions = ['T12:34:50.9Z', 'T12:34:50,999999999999Z', 'T14:34:50.5']
  for (const rest of [...same, ...fractions, ' 14:34:50'])
    assert.equal(read(`2026-04-22${rest}`), '2026-04-22T12:34:50Z', rest)
  assert.equal(read('2026-04-22T14:34'), '2026-04-22T12:34:00Z')
  assert.equal(read('2026-01-01T00:30+01:00'), '2025-12-31T23:30:00Z')
})

test('a time without an offset is read on the clocks of the zone', () => {
  assert.equal(read('2026-01-15T20:00', 'Europe/Berlin'), '2026-01-15T19:00:00Z')
  assert.equal(read('2026-07-15T20:00', 'Europe/Berlin'), '2026-07-15T18:00:00Z')
  assert.equal(read('2026-07-15T20:00', 'Asia/Kathmandu'), '2026-07-15T14:15:00Z')
  assert.equal(read('2026-01-15T20:00', 'Pacific/Auckland'), '2026-01-15T07:00:00Z')
})

test('a skipped time counts from before the gap, and of a repeated time it is the first', () => {
  assert.equal(read('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30:00Z')
  assert.equal(read('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00Z')
  assert.equal(read('2026-03-08T02:30', 'America/New_York'), '2026-03-08T07:30:00Z')
  assert.equal(read('2011-12-30T12:00', 'Pacific/Apia'), '2011-12-30T22:00:00Z')
})

test('what is no existing time is refused', () => {
  const dates = [
    '2026-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-00-10',
    '2026-13-10',
    '2026-01-00',
    '2026-01-32',
    '1899-12-31',
    '0026-01-01',
    '1900-02-29',
  ]
  for (const date of dates) assert.equal(read(`${date}T12:00:00Z`), undefined, date)
  const times = [
    '24:00:00',
    '12:60:00',
    '12:00:60',
    '23:59:60',
    '25:00',
    '1:00',
    '12',
    '12:00:0',
    '12:00:00.',
    '120000',
  ]
  for (const time of times) assert.equal(read(`2026-01-01T${time}Z`), undefined, time)
  const offsets = [
    '+24:00',
    '+2',
    '+02:60',
    '+02:0',
    '02:00',
    '+02:00Z',
    ' Z',
    'CET',
    '[Europe/Berlin]',
    '\n',
    '−02:00',
  ]
  for (const offset of offsets) assert.equal(read(`2026-01-01T12:00:00${offset}`), undefined, offset)
  for (const text of [
    '',
    'now',
    '2026-01-01',
    '20260101T120000Z',
    ' 2026-01-01T12:00Z',
    '2026-W01-1T12:00Z',
    '+002026-01-01T12:00Z',
    '２０２６-01-01T12:00Z',
  ]) {
    assert.equal(read(text), undefined, text)
  }
})

test('every instant lies in the years 1900 to 9999 of UTC', () => {
  assert.equal(read('1900-01-01T00:00:00Z'), '1900-01-01T00:00:00Z')
  assert.equal(read('9999-12-31T23:59:59Z'), '9999-12-31T23:59:59Z')
  assert.equal(read('1900-01-01T00:00:00+01:00'), undefined)
  assert.equal(read('9999-12-31T23:59:59-01:00'), undefined)
  assert.equal(read('9999-12-31T23:59:59', 'America/New_York'), undefined)
  assert.equal(read('2024-02-29T12:00:00Z'), '2024-02-29T12:00:00Z')
})

test('each zone has its own date at the same instant', () => {
  const instant = new Date('2026-12-31T18:20:00Z')
  assert.equal(localDate(instant, 'Europe/Berlin'), '2026-12-31')
  assert.equal(localDate(instant, 'Asia/Kathmandu'), '2027-01-01')
  assert.equal(localDate(new Date('2026-12-31T18:14:59Z'), 'Asia/Kathmandu'), '2026-12-31')
  assert.equal(localDate(new Date('2026-01-01T10:59:59Z'), 'Pacific/Auckland'), '2026-01-01')
  assert.equal(localDate(new Date('2026-01-01T11:00:00Z'), 'Pacific/Auckland'), '2026-01-02')
})

test('the date of a local time is the date that was written, unless the clocks skip it', () => {
  const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(day, zone, (date, where) => {
      const written = date.toISOString().slice(0, 10)
      fc.pre(written !== '2011-12-30')
      const noon = parseInstant(`${written}T12:00`, where)
      assert.equal(noon && localDate(noon, where), written)
    }),
  )
})
