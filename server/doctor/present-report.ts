import type { Report } from './examine.ts'

/** The report for people: a line for each promise, and below it what breaks it. */
export function presentReport({ checks, warnings }: Report): string {
  const lines = checks.flatMap(({ name, ok, broken, examples }) => {
    if (ok) return [`ok      ${name}`]
    const more = broken > examples.length ? [`and ${broken - examples.length} more`] : []
    return [`BROKEN  ${name}`, ...[...examples, ...more].map((text) => `          ${text}`)]
  })
  const count = checks.filter(({ ok }) => !ok).length
  const verdict =
    count === 0
      ? `All ${checks.length} promises hold.`
      : `${count} of ${checks.length} promises ${count === 1 ? 'is' : 'are'} broken.`
  const cautions = warnings.map((text) => `WARNING ${text}`)
  return [...lines, ...cautions, '', verdict].join('\n')
}
