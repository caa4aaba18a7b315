import { writeFile } from 'node:fs/promises'
import { openPool } from '../../server/platform/database.ts'
import { migrate } from '../../server/platform/migrations.ts'
import { printSchema } from './print-schema.ts'
import { startTestPostgres } from './test-postgres.ts'

/** `npm run schema`: writes database/schema.sql. */

const postgres = await startTestPostgres()
const db = openPool(postgres.url, { max: 1 })
try {
  await migrate(db)
  await writeFile(new URL('../../database/schema.sql', import.meta.url), await printSchema(db))
} finally {
  await db.end()
  await postgres.stop()
}
