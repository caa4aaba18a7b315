import type { Surroundings } from './machine.ts'
import type { Figures, Outcome, Verdict } from './rounds.ts'

/** The outcomes as a Markdown table: medians, ratios, what must hold and whether it does. */
export function tableOf(outcomes: Outcome[]): string {
  const lines = outcomes.flatMap((outcome) => {
    if (outcome.problem !== undefined)
      return [[outcome.name, `could not be measured: ${inOneLine(outcome.problem)}`, '', '', '', 'FAILED']]
    const [foyer = ''] = Object.keys(outcome.medians)
    const own = describe(outcome.medians[foyer] ?? {}, outcome.shown)
    if (outcome.verdicts.length === 0) return [[outcome.name, own, '', '', '', '']]
    return outcome.verdicts.map((verdict, index) => [
      index === 0 ? outcome.name : '',
      index === 0 ? own : '',
      ...verdictCells(verdict, outcome.medians),
    ])
  })
  const head = ['What', 'Foyer', 'Against', 'Found', 'Must be', '']
  return align([head, head.map(() => '---'), ...lines])
}

export function describeSurroundings(found: Surroundings): string {
  return Object.entries(found)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n')
}

/** As a cell can hold it: what is longer stands in the progress. */
function inOneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '/')
  return line.length > 200 ? `${line.slice(0, 200)} …` : line
}

function verdictCells(verdict: Verdict, medians: Record<string, Figures>): string[] {
  const { against, figure, value, valueByCpu, atLeast, atMost, isMet } = verdict
  const other = against === undefined ? '' : `${against}: ${show(figure, medians[against]?.[figure] ?? Number.NaN)}`
  const byCpu = valueByCpu === undefined ? '' : ` (by CPU ${valueByCpu.toFixed(2)})`
  const found = against === undefined || Number.isNaN(value) ? show(figure, value) : value.toFixed(2) + byCpu
  const shown = (limit: number) => (against === undefined ? show(figure, limit) : String(limit))
  const limit = atLeast === undefined ? `≤ ${shown(atMost ?? 0)}` : `≥ ${shown(atLeast)}`
  return [other, found, limit, isMet ? 'ok' : 'SHORT']
}

function describe(figures: Figures, names: string[]): string {
  return names.map((name) => show(name, figures[name] ?? Number.NaN)).join(', ')
}

const units: [ending: string, write: (value: string) => string][] = [
  ['perSecond', (value) => `${value}/s`],
  ['rowsPerSecond', (value) => `${value} rows/s`],
  ['linesPerSecond', (value) => `${value} lines/s`],
  ['p50Ms', (value) => `p50 ${value} ms`],
  ['p95Ms', (value) => `p95 ${value} ms`],
  ['p99Ms', (value) => `p99 ${value} ms`],
  ['Ms', (value) => `${value} ms`],
  ['serverCpuUs', (value) => `${value} µs in the server`],
  ['postgresCpuUs', (value) => `${value} µs in PostgreSQL`],
  ['restMb', (value) => `${value} MB at rest`],
  ['peakMb', (value) => `${value} MB at most`],
]

function show(figure: string, value: number): string {
  if (Number.isNaN(value)) return 'not measured'
  const number = value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })
  return units.find(([ending]) => figure.endsWith(ending))?.[1](number) ?? number
}

function align(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === '---' ? '-' : ' ')).join(' | ')} |`
  return rows.map(line).join('\n')
}
