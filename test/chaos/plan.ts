import { draw, drawShare, pick } from '../../bench/seeded.ts'

/** What one buyer and the organiser's people will do about one purchase: the same for the same seed and number. */
export interface Plan {
  event: 0 | 1 | 2
  quantity: number
  /** The cards that are tried one after another. */
  cards: string[]
  /** Asks for the checkout twice at once, with one key. */
  impatient: boolean
  /** Pays when the places are no longer held. */
  late: boolean
  walksAway: boolean
  givesUp: 'before paying' | 'after paying' | undefined
  /** How often the buyer comes back from the bank's page. */
  returns: 0 | 1 | 2
  staff: StaffAct[]
}

/** An amount goes back in part; `rest`: all that is left. */
export type StaffAct = '1.00' | '0.37' | 'rest' | 'cancel'

const good = '4242424242424242'
const refundsSlowly = '4000000000007726'
const declined = '4000000000000002'
const staffActs: [StaffAct[], ...StaffAct[][]] = [['1.00'], ['0.37', '1.00'], ['rest'], ['cancel'], ['1.00', 'cancel']]

export function planOf(seed: number, index: number): Plan {
  const share = (purpose: number) => drawShare(seed, index, purpose)
  const card = share(3) < 0.1 ? refundsSlowly : good
  return {
    event: pick([0, 0, 0, 1, 2] as const, seed, index, 1),
    quantity: 1 + (draw(seed, index, 2) % 3),
    cards: share(4) < 0.1 ? [declined, card] : [card],
    impatient: share(5) < 0.2,
    late: share(6) < 0.06,
    walksAway: share(7) < 0.04,
    givesUp: share(8) < 0.03 ? 'before paying' : share(8) < 0.06 ? 'after paying' : undefined,
    returns: pick([0, 1, 1, 2] as const, seed, index, 9),
    staff: share(10) < 0.25 ? pick(staffActs, seed, index, 11) : [],
  }
}
