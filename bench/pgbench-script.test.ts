import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pgbenchScript } from './pgbench-script.ts'
import type { Statement } from './recorded-statements.ts'

function purchase(code: string, id: number, paymentId: number): Statement[] {
  const options = JSON.stringify({ returnUrl: `http://x/${code}`, kind: 'test' })
  const statement = (text: string, values: (string | null)[] = [], firstRow = {}) => ({ text, values, firstRow })
  return [
    statement('begin'),
    statement('insert into a (code, n) values ($1, $2) returning id', [code, '7'], { id }),
    statement('insert into t (secret) values ($1)', [`${code}${'x'.repeat(24)}`]),
    statement(
      'with p as (insert into p (key, options) values ($1, $2) returning id) select id as payment_id from p',
      [`a:${code}:1`, options],
      { paymentId },
    ),
    statement('update a set p = $1, -- who paid\n note = $2 where id = $3', [String(paymentId), null, String(id)]),
    statement('select add_job($1)', [JSON.stringify({ account: 1, payment: paymentId })]),
    statement('commit'),
  ]
}

test('what is equal is written out, a number is taken from where it came, what is new is drawn', () => {
  const script = pgbenchScript(purchase('abc', 11, 5), purchase('xyz', 12, 6))
  assert.deepEqual(script.trimEnd().split('\n'), [
    '\\set drawn0 random(100000000000000000, 900000000000000000)',
    '\\set drawn1 random(100000000000000000, 900000000000000000)',
    'begin;',
    "insert into a (code, n) values (:drawn0, '7') returning id \\gset s1_",
    "insert into t (secret) values (lpad(:drawn1, 27, '0'));",
    "with p as (insert into p (key, options) values ((E'a\\x3a' || :drawn0 || E'\\x3a1'), " +
      `(E'{"returnUrl"\\x3a"http\\x3a//x/' || :drawn0 || E'","kind"\\x3a"test"}')::jsonb) returning id) ` +
      'select id as payment_id from p \\gset s3_',
    'update a set p = :s3_payment_id, note = null where id = :s1_id;',
    `select add_job((E'{"account"\\x3a1,"payment"\\x3a' || :s3_payment_id || '}')::jsonb);`,
    'commit;',
  ])
})

test('purchases that did not send the same statements, and numbers that can not be told apart, are refused', () => {
  assert.throws(() => pgbenchScript(purchase('abc', 11, 5), purchase('xyz', 12, 6).slice(1)), /same statements/)
  assert.throws(() => pgbenchScript(purchase('abc', 11, 11), purchase('xyz', 12, 12)), /can't be told/)
  assert.throws(() => pgbenchScript(purchase('1', 11, 5), purchase('2', 12, 6)), /can't be told/)
})
