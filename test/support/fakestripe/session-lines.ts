import type Stripe from 'stripe'
import { checkedCurrency, refuseTooSmallOrLarge, refuseUnpayable } from './amounts.ts'
import { newId } from './bank.ts'
import { badParameter } from './failure.ts'
import {
  type Form,
  metadata,
  nameIn,
  part,
  parts,
  refuseMissing,
  refuseUnknown,
  requiredInteger,
  requiredText,
  text,
} from './form.ts'

export interface Lines {
  items: Stripe.LineItem[]
  currency: string
  total: number
}

/** What is bought, from `line_items`; every price in one currency, and a total that Stripe takes (or nothing at all). */
export function readLines(form: Form): Lines {
  const items = parts(form, 'line_items').map(readLine)
  const [first] = items
  if (!first) refuseMissing(form, 'line_items')
  const foreign = items.findIndex(({ currency }) => currency !== first.currency)
  if (foreign !== -1)
    throw badParameter(
      `line_items[${foreign}]`,
      'All prices on a Checkout Session must have the same currency, but the prices differ.',
    )
  const total = items.reduce((sum, item) => sum + item.amount_total, 0)
  if (total > 0) refuseTooSmallOrLarge(total, first.currency, 'line_items')
  return { items, currency: first.currency, total }
}

function readLine(line: Form): Stripe.LineItem {
  refuseUnknown(line, ['price_data', 'quantity', 'metadata'])
  const price = part(line, 'price_data') ?? refuseMissing(line, 'price_data')
  refuseUnknown(price, ['currency', 'unit_amount', 'product_data', 'tax_behavior'])
  const product = part(price, 'product_data') ?? refuseMissing(price, 'product_data')
  refuseUnknown(product, ['name', 'description', 'images', 'metadata', 'tax_code'])
  const currency = checkedCurrency(requiredText(price, 'currency'), nameIn(price, 'currency'))
  const unitAmount = requiredInteger(price, 'unit_amount')
  refuseUnpayable(unitAmount, currency, nameIn(price, 'unit_amount'))
  const quantity = requiredInteger(line, 'quantity', 1)
  const amount = unitAmount * quantity
  return {
    id: newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency,
    description: text(product, 'description') ?? requiredText(product, 'name'),
    metadata: metadata(line),
    price: null,
    quantity,
  }
}
