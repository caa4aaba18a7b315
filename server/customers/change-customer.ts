import type { Db } from '../platform/database.ts'
import { notFound } from '../platform/refusal.ts'
import { type CustomerRow, type EditableField, updateCustomer } from './queries.ts'
import type { CustomerChanges } from './schema.ts'

const editable: EditableField[] = ['salutation', 'title', 'name', 'company', 'phone']

/** Changes what `input` names; "" and null clear. The e-mail, which is who the customer is, can't be changed. Throws 404. */
export async function changeCustomer(
  db: Db,
  accountId: number,
  id: number,
  input: CustomerChanges,
  now: Date,
): Promise<CustomerRow> {
  const fields: Partial<Record<EditableField, string | null>> = {}
  for (const field of editable) {
    const value = input[field]
    if (value !== undefined) fields[field] = value?.trim() || null
  }
  const customer = await updateCustomer(db, accountId, id, fields, now)
  if (!customer) throw notFound()
  return customer
}
