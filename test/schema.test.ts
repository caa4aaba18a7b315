import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { testDatabase } from './support/database.ts'
import { printSchema } from './support/print-schema.ts'

const { db } = await testDatabase()

test('database/schema.sql is what the migrations make (npm run schema writes it)', async () => {
  const written = await readFile(new URL('../database/schema.sql', import.meta.url), 'utf8')
  assert.equal(await printSchema(db), written)
})

test('every table of an account has account_id first in its primary key and in its foreign keys', async () => {
  const keys = await db<{ tableName: string; name: string }[]>`
    select k.conrelid::regclass::text as table_name, k.conname as name
    from pg_constraint k
    join pg_attribute first on first.attrelid = k.conrelid and first.attnum = k.conkey[1]
    where k.connamespace = 'public'::regnamespace and k.contype in ('p', 'f')
      and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'account_id')
      and first.attname <> 'account_id'`
  assert.deepEqual([...keys], [])
})
