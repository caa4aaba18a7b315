import { check } from './check.ts'

/** A discount is what a code gave, and a code is used no more often than it may be. */
export const promoCodeChecks = [
  check(
    'A promo code counts the orders that used it and stand, never more than its limit',
    (db) => db`
      select p.account_id, 'promo_codes ' || p.id as subject,
             format('redemptions_count is %s, orders that stand are %s, the limit is %s', p.redemptions_count,
                    coalesce(o.uses, 0), coalesce(p.usage_limit::text, 'null')) as problem
      from promo_codes p
      left join (select account_id, promo_code_id, count(*) as uses from orders
                 where cancelled_at is null and not (total_minor > 0 and refunded_minor = total_minor) group by 1, 2) o
        on o.account_id = p.account_id and o.promo_code_id = p.id
      where p.redemptions_count <> coalesce(o.uses, 0) or o.uses > p.usage_limit`,
  ),
  check(
    "A checkout's discount is the sum of its items' discounts, given by the code that its order used",
    (db) => db`
      select c.account_id, 'checkouts ' || c.id as subject,
             format('discount_minor is %s by %s, its items make %s, its order has %s', c.discount_minor,
                    coalesce('promo code ' || c.promo_code_id, 'no promo code'), coalesce(i.discount_minor, 0),
                    coalesce('promo code ' || o.promo_code_id, 'none')) as problem
      from checkouts c
      left join (select account_id, checkout_id, sum(discount_minor) as discount_minor from checkout_items group by 1, 2) i
        on i.account_id = c.account_id and i.checkout_id = c.id
      left join orders o on o.account_id = c.account_id and o.id = c.order_id
      where c.discount_minor <> coalesce(i.discount_minor, 0)
         or (c.promo_code_id is null and c.discount_minor > 0)
         or (o.id is not null and o.promo_code_id is distinct from c.promo_code_id)`,
  ),
]
