import type { Faults } from './planted-faults.test.ts'

export const promoCodeFaults: Faults = {
  'A promo code counts the orders that used it and stand, never more than its limit': [
    {
      plant: 'update promo_codes set redemptions_count = 0 where account_id = 2',
      found: 'account 2, promo_codes 1: redemptions_count is 0, orders that stand are 1',
    },
    {
      plant: 'update orders set promo_code_id = null where account_id = 2',
      found: 'redemptions_count is 1, orders that stand are 0',
    },
    {
      plant: 'update orders set cancelled_at = paid_at where account_id = 2',
      found: 'redemptions_count is 1, orders that stand are 0',
    },
    {
      plant: `update orders set account_id = 2, promo_code_id = 1 where id = 2;
              update promo_codes set redemptions_count = 2, usage_limit = 1 where account_id = 2`,
      found: 'account 2, promo_codes 1: redemptions_count is 2, orders that stand are 2, the limit is 1',
    },
  ],
  "A checkout's discount is the sum of its items' discounts, given by the code that its order used": [
    {
      plant: 'update checkouts set discount_minor = 209 where account_id = 2',
      found: 'account 2, checkouts 8: discount_minor is 209 by promo code 1, its items make 210',
    },
    {
      plant: 'update checkout_items set discount_minor = 0 where account_id = 2',
      found: 'discount_minor is 210 by promo code 1, its items make 0',
    },
    {
      plant: 'update checkouts set promo_code_id = null where account_id = 2',
      found: 'discount_minor is 210 by no promo code, its items make 210, its order has promo code 1',
    },
    {
      plant: 'update orders set promo_code_id = null where account_id = 2',
      found: 'discount_minor is 210 by promo code 1, its items make 210, its order has none',
    },
  ],
}
