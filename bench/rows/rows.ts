import type { LoadedAccount } from '../load.ts'
import type { Row } from '../rounds.ts'
import type { Stage } from '../stage.ts'
import { completeRow, plainCompleteRow } from './complete-rows.ts'
import { detailRow, plainDetailRow } from './detail-rows.ts'
import { importRow } from './import-rows.ts'
import { flatRows, listRows, plainListRows } from './list-rows.ts'
import { neighbourRow } from './neighbour-rows.ts'
import { eventRow, orderRows } from './order-rows.ts'
import { pageRows } from './page-rows.ts'
import { purchaseRow } from './purchase-rows.ts'
import { plainSearchRow, searchRows } from './search-rows.ts'
import { startRow } from './start-rows.ts'

/** Every row that the options ask for, in the order of the report. */
export async function rowsOf(stage: Stage): Promise<Row[]> {
  const { only, isWhole } = stage.options
  const { small, large } = stage.loaded
  const plain = [...[small, large].flatMap((account) => plainRows(stage, account)), ...pageRows(stage)]
  const all = isWhole ? await wholeTable(stage) : plain
  return all.filter(({ group }) => only.length === 0 || only.includes(group))
}

function plainRows(stage: Stage, account: LoadedAccount): Row[] {
  return [
    ...plainListRows(stage, account),
    plainSearchRow(stage, account),
    plainDetailRow(stage, account),
    plainCompleteRow(stage, account),
  ]
}

async function wholeTable(stage: Stage): Promise<Row[]> {
  return [
    ...(await listRows(stage)),
    ...flatRows(stage),
    await detailRow(stage),
    ...searchRows(stage),
    completeRow(stage),
    importRow(stage),
    purchaseRow(stage),
    ...(await orderRows(stage)),
    await eventRow(stage),
    ...pageRows(stage),
    neighbourRow(stage),
    startRow(stage),
  ]
}
