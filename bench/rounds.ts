/** What one measurement gave, by name; a name ends in its unit. */
export type Figures = Record<string, number>

/** What must hold: a figure of Foyer's against a limit, or divided by another contestant's. */
export interface Bar {
  figure: string
  /** The contestant to divide by; undefined: the figure itself. */
  against?: string
  atLeast?: number
  atMost?: number
}

export interface Row {
  group: string
  name: string
  /** Measured one after the other in every round; the first is Foyer. */
  contestants: [Contestant, ...Contestant[]]
  bars: Bar[]
  /** Figures of Foyer to print, in this order. */
  shown: string[]
  /** Measured but once, because it can't be done again. */
  isSingle?: boolean
  /** Called before the first and after the last measurement. */
  begin?(): Promise<void>
  end?(): Promise<void>
}

export interface Contestant {
  name: string
  measure(): Promise<Figures>
}

export interface Verdict extends Bar {
  value: number
  /** The same ratio by processor time: what it would be if nothing else ran on this machine. */
  valueByCpu?: number
  isMet: boolean
}

export interface Outcome {
  group: string
  name: string
  shown: string[]
  /** Medians over the rounds, by contestant. */
  medians: Record<string, Figures>
  rounds: Record<string, Figures>[]
  verdicts: Verdict[]
  /** Why there are no figures. */
  problem?: string
}

/** For some seconds V8 still compiles what it has seen to be hot. */
const warmUpRounds = 2

/** Measures the row in `rounds` rounds after those that only warm up; a ratio is the median of the rounds' own ratios. */
export async function measureRow(row: Row, rounds: number): Promise<Outcome> {
  await row.begin?.()
  try {
    for (let round = 0; round < (row.isSingle ? 0 : warmUpRounds); round += 1) await measureRound(row)
    const found: Record<string, Figures>[] = []
    for (let round = 0; round < (row.isSingle ? 1 : rounds); round += 1) found.push(await measureRound(row))
    const medians = Object.fromEntries(row.contestants.map(({ name }) => [name, mediansOf(found, name)]))
    const verdicts = row.bars.map((bar) => judge(bar, row.contestants[0].name, found))
    return { group: row.group, name: row.name, shown: row.shown, medians, rounds: found, verdicts }
  } finally {
    await row.end?.()
  }
}

async function measureRound(row: Row): Promise<Record<string, Figures>> {
  const figures: Record<string, Figures> = {}
  for (const { name, measure } of row.contestants) figures[name] = await measure()
  return figures
}

function mediansOf(rounds: Record<string, Figures>[], contestant: string): Figures {
  const names = Object.keys(rounds[0]?.[contestant] ?? {})
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((round) => figureOf(round, contestant, name)))]),
  )
}

function judge(bar: Bar, foyer: string, rounds: Record<string, Figures>[]): Verdict {
  const { figure, against, atLeast = -Infinity, atMost = Infinity } = bar
  const ratio = (other: string, name: string) =>
    median(rounds.map((round) => figureOf(round, foyer, name) / figureOf(round, other, name)))
  const value =
    against === undefined ? median(rounds.map((round) => figureOf(round, foyer, figure))) : ratio(against, figure)
  const isMet = value >= atLeast && value <= atMost
  const isSpeed = against !== undefined && figure === 'perSecond' && figureOf(rounds[0] ?? {}, against, 'cpuUs') > 0
  return isSpeed ? { ...bar, value, valueByCpu: 1 / ratio(against, 'cpuUs'), isMet } : { ...bar, value, isMet }
}

function figureOf(round: Record<string, Figures>, contestant: string, figure: string): number {
  return round[contestant]?.[figure] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle - 0.5)] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}
