/**
 * Text that a spreadsheet would take for a formula; escaped by an apostrophe, as OWASP advises. One
 * that begins so behind apostrophes of its own gets one more, so that every text can be had back.
 */
const formula = /^'*[=+\-@\t\r\n]/
const needsQuotes = /[",\r\n]/

/** A number goes in as it is, a text escaped, null as an empty cell. */
export type CsvCell = string | number | null

/** One line as RFC 4180 wants it, CRLF included. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  // Plain amounts (`-0.50`) are numbers to everyone; anything else that begins so may be a formula.
  const safe = formula.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The text that a cell was made of, for whoever reads an export with a program. */
export function originalText(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell
}

/** Micro-dollars as decimal dollars with all six decimals: `-0.000001`, `12.500000`. */
export function decimalUsd(micros: number): string {
  const digits = String(Math.abs(micros)).padStart(7, '0')
  return `${micros < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}
