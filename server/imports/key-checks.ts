import type { Tx } from '../platform/database.ts'

/**
 * Lets `act` write the tables without a look-up of each row's foreign keys. The
 * import makes those keys by joins and has locked what they point to. Where the database's user may not do that, or a
 * trigger on insert is not marked `enable always` (migration 0008) and would be left out too, every key is looked up.
 */
export async function withoutKeyChecks<T>(tx: Tx, tables: string[], act: () => Promise<T>): Promise<T> {
  if (!(await mayLeaveOutKeyChecks(tx, tables))) return act()
  await tx`set local session_replication_role = replica`
  const done = await act()
  await tx`set local session_replication_role = origin`
  return done
}

async function mayLeaveOutKeyChecks(tx: Tx, tables: string[]): Promise<boolean> {
  const [{ allowed }] = await tx<[{ allowed: boolean }]>`
    select has_parameter_privilege('session_replication_role', 'set') and not exists (
      select from pg_trigger
      where tgrelid = any (${tables}::regclass[]) and not tgisinternal and tgtype & 4 <> 0 and tgenabled <> 'A'
    ) as allowed`
  return allowed
}
