import { parseArgs } from 'node:util'

export interface Options {
  /** Customers of the largest account. */
  customers: number
  /** Every row with its floors, not only the plain figures. */
  isWhole: boolean
  /** Groups of rows; empty: all. */
  only: string[]
  jsonFile: string | undefined
  /** Where the loaded database stays for the next run; undefined: in a folder that is removed at the end. */
  keepFolder: string | undefined
  rounds: number
  seconds: number
  seed: number
}

export const usage = `npm run bench -- [options]
  --customers N   the whole table, with an account of N customers (a multiple of 1000, at least 100000) beside nine
                  of N/100; without it: plain figures at 1,000 and 100,000 customers
  --only A,B      only these groups of rows: list, flat, detail, search, complete, import, purchase, orders, event,
                  pages, neighbour, start
  --json FILE     also write every figure to FILE
  --keep FOLDER   leave the loaded database in FOLDER, and use it again in the next run
  --rounds N      how often each row is measured beside its floors (default 5)
  --seconds N     how long each measurement lasts (default 2)
  --seed N        another seed, other people (default 1)`

/** Throws an Error that says what is wrong. */
export function readOptions(words: string[]): Options {
  const text = { type: 'string' } as const
  const names = { customers: text, only: text, json: text, keep: text, rounds: text, seconds: text, seed: text }
  const { values } = parseArgs({ args: words, options: names })
  const customers = numberOf('customers', values.customers, 100_000)
  if (customers < 100_000 || customers % 1000 !== 0)
    throw new Error('--customers must be a multiple of 1000, at least 100000')
  return {
    customers,
    isWhole: values.customers !== undefined,
    only: values.only?.split(',') ?? [],
    jsonFile: values.json,
    keepFolder: values.keep,
    rounds: numberOf('rounds', values.rounds, 5),
    seconds: numberOf('seconds', values.seconds, 2),
    seed: numberOf('seed', values.seed, 1),
  }
}

function numberOf(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`)
  return value
}
