import type { FileHandle } from 'node:fs/promises'
import { openIfThere, type LineIndex } from './line-index.ts'
import { RowSplitter } from './row-splitter.ts'

/** Of a longer row (a progress bar that returned thousands of times) only the end is read. */
export const mostShownBytes = 64 * 1024
const pieceBytes = 128 * 1024
const wholeBlockBytes = 2 * 2 ** 20

/** A row of one file: its number, where it begins, and what it holds. */
export interface RawRow {
  readonly row: number
  readonly offset: number
  readonly continued: boolean
  readonly bytes: Buffer
}

interface Position {
  readonly row: number
  readonly start: number
  readonly end: number
  readonly continued: boolean
}

/** Rows from `row` on, at most `count` and about `mostBytes`, but at least one where there is one. */
export async function readRows(
  index: LineIndex,
  row: number,
  count: number,
  mostBytes: number,
): Promise<RawRow[]> {
  if (count <= 0 || row >= index.rows) return []
  const file = await openIfThere(index.path)
  if (file === null) return []
  try {
    const found = await positions(file, index, row, count, mostBytes)
    return await withBytes(file, found)
  } finally {
    await file.close()
  }
}

/** The row that holds a byte; the last one for a byte behind the end. */
export async function rowAt(index: LineIndex, offset: number): Promise<number> {
  const mark = index.markBefore(offset)
  const file = await openIfThere(index.path)
  if (file === null) return 0
  try {
    let { row } = mark
    for await (const position of scan(file, index, mark)) {
      row = position.row
      if (position.end > offset) break
    }
    return row
  } finally {
    await file.close()
  }
}

async function positions(
  file: FileHandle,
  index: LineIndex,
  row: number,
  count: number,
  mostBytes: number,
): Promise<Position[]> {
  const found: Position[] = []
  let bytes = 0
  for await (const position of scan(file, index, index.markOf(row))) {
    if (position.row < row) continue
    bytes += Math.min(mostShownBytes, position.end - position.start)
    if (found.length > 0 && bytes > mostBytes) break
    found.push(position)
    if (found.length === count) break
  }
  return found
}

/** The rows from a mark to the end of what the index knows. */
async function* scan(
  file: FileHandle,
  index: LineIndex,
  mark: { readonly row: number; readonly offset: number; readonly continued: boolean },
): AsyncGenerator<Position> {
  const end = index.sizeBytes
  const splitter = new RowSplitter(mark.offset)
  const buffer = Buffer.allocUnsafe(pieceBytes)
  let { row, continued } = mark
  let batch: Position[] = []
  while (splitter.seenBytes < end) {
    const wanted = Math.min(pieceBytes, end - splitter.seenBytes)
    const { bytesRead } = await file.read(buffer, 0, wanted, splitter.seenBytes)
    if (bytesRead === 0) break
    splitter.push(
      buffer,
      (start, rowEnd, continues) => {
        batch.push({ row, start, end: rowEnd, continued })
        row += 1
        continued = continues
      },
      bytesRead,
    )
    yield* batch
    batch = []
  }
  if (splitter.openRowStart < splitter.seenBytes) {
    yield { row, start: splitter.openRowStart, end: splitter.seenBytes, continued }
  }
}

async function withBytes(file: FileHandle, found: readonly Position[]): Promise<RawRow[]> {
  const [first] = found
  const last = found.at(-1)
  if (first === undefined || last === undefined) return []
  if (last.end - first.start <= wholeBlockBytes) {
    const block = await readAt(file, first.start, last.end)
    return found.map((one) => ({
      row: one.row,
      offset: one.start,
      continued: one.continued,
      bytes: block.subarray(
        Math.max(one.start, one.end - mostShownBytes) - first.start,
        one.end - first.start,
      ),
    }))
  }
  const rows: RawRow[] = []
  for (const { row, start, end, continued } of found) {
    const bytes = await readAt(file, Math.max(start, end - mostShownBytes), end)
    rows.push({ row, offset: start, continued, bytes })
  }
  return rows
}

/** The bytes between two offsets; fewer where the file ends before. */
export async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(end - start)
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
