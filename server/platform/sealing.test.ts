import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sealerOf } from './sealing.ts'

const sealer = sealerOf('a long and random passphrase of the installation')

test('what was sealed opens again, and no two seals are alike', () => {
  const [one, two] = [sealer.seal('sk_live_é'), sealer.seal('sk_live_é')]
  assert.equal(sealer.open(one), 'sk_live_é')
  assert.notDeepEqual(one, two)
  assert.ok(!one.includes('sk_live'))
})

test('another key, or one changed byte, opens nothing', () => {
  const sealed = sealer.seal('sk_live_x')
  assert.throws(() => sealerOf('another').open(sealed))
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.throws(() => sealer.open(changed))
  }
})
