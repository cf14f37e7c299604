import { findText } from '../../domain/find-text.ts'
import { openIfThere, rowsPerMark, type LineIndex } from './line-index.ts'
import { mostShownBytes, readAt, readRows } from './read-rows.ts'
import { RowSplitter } from './row-splitter.ts'
import { rowText } from './row-text.ts'

/** Read and answered at once. */
const pieceBytes = 2 ** 20
const largestBlockBytes = 64 * 2 ** 20

export interface FoundPiece {
  /** Row and first column of each place, side by side. */
  readonly rows: number[]
  readonly columns: number[]
  /** Rows before this one have been looked at. */
  readonly next: number
}

/** Every place of a text in the rows from `fromRow` on, piece by piece. */
export async function* searchRows(
  index: LineIndex,
  text: string,
  caseSensitive: boolean,
  fromRow: number,
  signal: AbortSignal,
): AsyncGenerator<FoundPiece> {
  const file = await openIfThere(index.path)
  if (file === null) return
  const quick = quickLook(text, caseSensitive)
  try {
    const { rows, sizeBytes } = index
    let row = Math.min(fromRow, rows) - (Math.min(fromRow, rows) % rowsPerMark)
    while (row < rows) {
      signal.throwIfAborted()
      const { offset } = index.markOf(row)
      let next = row + rowsPerMark
      for (let mark = index.markOf(next + rowsPerMark); ; mark = index.markOf(next + rowsPerMark)) {
        if (mark.row !== next + rowsPerMark || mark.offset - offset > pieceBytes) break
        next = mark.row
      }
      const end = next < rows ? index.markOf(next).offset : sizeBytes
      const found: FoundPiece = { rows: [], columns: [], next: Math.min(next, rows) }
      if (end - offset <= largestBlockBytes) {
        const bytes = await readAt(file, offset, end)
        if (quick(bytes)) lookCloser(bytes, row, fromRow, text, caseSensitive, found)
      } else await lookSlowly(index, row, fromRow, text, caseSensitive, found)
      yield found
      row = next
    }
  } finally {
    await file.close()
  }
}

function lookCloser(
  bytes: Buffer,
  firstRow: number,
  fromRow: number,
  text: string,
  caseSensitive: boolean,
  found: FoundPiece,
): void {
  let row = firstRow
  const look = (start: number, end: number): void => {
    const shown = bytes.subarray(Math.max(start, end - mostShownBytes), end)
    if (row >= fromRow) note(row, shown, text, caseSensitive, found)
    row += 1
  }
  const splitter = new RowSplitter()
  splitter.push(bytes, look)
  if (splitter.openRowStart < splitter.seenBytes) look(splitter.openRowStart, splitter.seenBytes)
}

/** For a thousand rows that are too much to hold at once. */
async function lookSlowly(
  index: LineIndex,
  firstRow: number,
  fromRow: number,
  text: string,
  caseSensitive: boolean,
  found: FoundPiece,
): Promise<void> {
  for (let row = Math.max(firstRow, fromRow); row < found.next;) {
    const rows = await readRows(index, row, found.next - row, pieceBytes)
    for (const one of rows) note(one.row, one.bytes, text, caseSensitive, found)
    if (rows.length === 0) return
    row += rows.length
  }
}

function note(
  row: number,
  bytes: Buffer,
  text: string,
  caseSensitive: boolean,
  found: FoundPiece,
): void {
  for (const column of findText(rowText(bytes).text, text, caseSensitive)) {
    found.rows.push(row)
    found.columns.push(column)
  }
}

/** Whether a closer look is worth while. Colours may stand inside of a word: then always. */
function quickLook(text: string, caseSensitive: boolean): (bytes: Buffer) => boolean {
  const escape = 0x1b
  const wanted = Buffer.from(text, 'utf8')
  if (caseSensitive || text.toLowerCase() === text.toUpperCase()) {
    return (bytes) => bytes.includes(wanted) || bytes.includes(escape) || bytes.includes(0x08)
  }
  if (wanted.length !== text.length) return () => true
  // ASCII keeps its columns in latin1, whatever stands around it. The Kelvin sign and the long s
  // fold into ASCII letters from outside of it; a word with them is found only beside another hit.
  const lower = text.toLowerCase()
  return (bytes) =>
    bytes.toString('latin1').toLowerCase().includes(lower) ||
    bytes.includes(escape) ||
    bytes.includes(0x08)
}
