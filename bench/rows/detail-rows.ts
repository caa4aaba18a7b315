import type { LoadedAccount } from '../load.ts'
import type { Contestant, Row } from '../rounds.ts'
import { ask, type Stage } from '../stage.ts'

const orders = 5
const shown = ['perSecond', 'p50Ms', 'p99Ms', 'serverCpuUs', 'postgresCpuUs']

/** Plain figures of one customer with five orders. */
export function plainDetailRow(stage: Stage, account: LoadedAccount): Row {
  const name = `detail, ${account.customers.toLocaleString('en')} customers`
  return { group: 'detail', name, shown, bars: [], contestants: [foyerDetail(stage, account)] }
}

export async function detailRow(stage: Stage): Promise<Row> {
  const floor = await stage.floor('customer-detail')
  const { large } = stage.loaded
  const measure = async () => ask(stage, floor, large, `/${await fiveOrdersCustomer(stage, large)}`)()
  return {
    ...{ group: 'detail', name: 'detail with 5 orders', shown },
    bars: [{ figure: 'perSecond', against: 'equal floor', atLeast: 0.8 }],
    contestants: [foyerDetail(stage, large), { name: 'equal floor', measure }],
  }
}

function foyerDetail(stage: Stage, account: LoadedAccount): Contestant {
  const measure = async () =>
    ask(stage, stage.foyer, account, `/admin/customers/${await fiveOrdersCustomer(stage, account)}`)()
  return { name: 'foyer', measure }
}

const found = new Map<number, number>()

async function fiveOrdersCustomer(stage: Stage, account: LoadedAccount): Promise<number> {
  const known = found.get(account.id)
  if (known !== undefined) return known
  const [row] = await stage.storage.db<[{ customerId: number }]>`
    select customer_id from orders where account_id = ${account.id} group by 1 having count(*) = ${orders} limit 1`
  found.set(account.id, row.customerId)
  return row.customerId
}
