import { matchesOf, searchWords } from '../buyers.ts'
import type { LoadedAccount } from '../load.ts'
import type { Row } from '../rounds.ts'
import { ask, read, type Stage } from '../stage.ts'

type Word = keyof typeof searchWords
const limitsMs: Record<Word, number> = { five: 5, some: 60, many: 250, old: 60 }
const besideMs = 25

export function searchPath(word: Word): string {
  return `/admin/customers?limit=50&period=all_time&query=${searchWords[word]}`
}

/** Plain figures of one search. */
export function plainSearchRow(stage: Stage, account: LoadedAccount): Row {
  return searchRow(stage, account, 'some', undefined)
}

/** Exact statistics included, one search at a time; then the same words in a small account beside the large one. */
export function searchRows(stage: Stage): Row[] {
  const { large, beside } = stage.loaded
  const words: Word[] = ['five', 'some', 'many', 'old']
  return [
    ...words.map((word) => searchRow(stage, large, word, limitsMs[word])),
    ...beside.slice(0, 1).flatMap((account) => words.map((word) => searchRow(stage, account, word, besideMs))),
  ]
}

function searchRow(stage: Stage, account: LoadedAccount, word: Word, atMost: number | undefined): Row {
  const count = matchesOf(word, account.customers).toLocaleString('en')
  const size = `${account.customers.toLocaleString('en')} customers`
  return {
    group: 'search',
    name: `search, ${word === 'old' ? `${count} old` : count} matches, ${size}`,
    shown: ['perSecond', 'p50Ms', 'p99Ms'],
    bars: atMost === undefined ? [] : [{ figure: 'p50Ms', atMost }],
    contestants: [{ name: 'foyer', measure: ask(stage, stage.foyer, account, searchPath(word), 1) }],
    begin: async () => {
      const { stats } = await read(stage.foyer, account, searchPath(word))
      const expected = matchesOf(word, account.customers)
      if (Math.abs(stats.customer_count - expected) > expected * 0.1)
        throw new Error(`${searchWords[word]}: ${stats.customer_count} matches in place of ${expected}`)
    },
  }
}
