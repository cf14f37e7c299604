import { formatCount, formatDuration } from '../../main/domain/format.ts'
import { holds, type Row } from './row.ts'

const columns = ['fault class', 'injections', 'survived', 'leaked', 'lost', 'took'] as const

/** The table as Markdown, so that it can be read in a terminal and pasted into docs. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    ...[row.injections, row.survived, row.leaked, row.lost].map((n) => n.toLocaleString('en-US')),
    formatDuration(row.tookMs),
  ])
  const widths = columns.map((title, at) =>
    Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, at) => (at === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(columns), rule, ...cells.map((row) => line(row))].join('\n')
}

/** One sentence below the table. */
export function verdictOf(rows: readonly Row[]): string {
  const broken = rows.filter((row) => !holds(row))
  if (broken.length === 0) {
    const injections = rows.reduce((sum, row) => sum + row.injections, 0)
    return `All held: ${formatCount(injections, 'injection')}, 0 leaked, 0 lost.`
  }
  return `Broken: ${broken.map(({ name }) => name).join('; ')}.`
}
