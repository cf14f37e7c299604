import { LineIndex } from './line-index.ts'
import { readRows, rowAt, type RawRow } from './read-rows.ts'
import { searchRows, type FoundPiece } from './search-rows.ts'

/** One attempt's log inside the job's. */
export interface LogPart {
  readonly attemptId: string
  readonly index: LineIndex
  readonly firstLine: number
  readonly firstByte: number
}

/** The logs of all attempts of a job, in order, as one run of lines. */
export class JobLog {
  readonly #indexes = new Map<string, LineIndex>()
  #parts: readonly LogPart[] = []

  /** The attempts as of the last `update`, in order. */
  get parts(): readonly LogPart[] {
    return this.#parts
  }

  get lines(): number {
    const last = this.#parts.at(-1)
    return last === undefined ? 0 : last.firstLine + last.index.rows
  }

  get sizeBytes(): number {
    const last = this.#parts.at(-1)
    return last === undefined ? 0 : last.firstByte + last.index.sizeBytes
  }

  /** Takes in what has been written since, and new attempts. */
  async update(attempts: readonly { readonly id: string; readonly path: string }[]): Promise<void> {
    for (const { id, path } of attempts) {
      const index = this.#indexes.get(id) ?? new LineIndex(path)
      this.#indexes.set(id, index)
      await index.update()
    }
    let firstLine = 0
    let firstByte = 0
    this.#parts = attempts.flatMap(({ id }) => {
      const index = this.#indexes.get(id)
      if (index === undefined) return []
      const part = { attemptId: id, index, firstLine, firstByte }
      firstLine += index.rows
      firstByte += index.sizeBytes
      return [part]
    })
  }

  /** Rows from a line on; `row` and `offset` count in their own attempt. */
  async read(
    line: number,
    count: number,
    mostBytes: number,
  ): Promise<{ readonly part: LogPart; readonly row: RawRow }[]> {
    const read: { part: LogPart; row: RawRow }[] = []
    for (const part of this.#parts) {
      const from = line + read.length - part.firstLine
      if (from >= part.index.rows || read.length >= count) continue
      const rows = await readRows(part.index, from, count - read.length, mostBytes)
      read.push(...rows.map((row) => ({ part, row })))
      // Cut short by its size: the next attempt must not follow.
      if (from + rows.length < part.index.rows) break
    }
    return read
  }

  /** The number of the line that holds a byte of the job's log. */
  async lineAt(offset: number): Promise<number> {
    const part = this.#parts.findLast((one) => one.firstByte <= offset)
    if (part === undefined) return 0
    if (offset >= part.firstByte + part.index.sizeBytes) return part.firstLine + part.index.rows
    return part.firstLine + (await rowAt(part.index, offset - part.firstByte))
  }

  /** Every place of a text from a line on, in lines of the whole log. */
  async *search(
    text: string,
    caseSensitive: boolean,
    fromLine: number,
    signal: AbortSignal,
  ): AsyncGenerator<FoundPiece> {
    for (const { index, firstLine } of this.#parts) {
      if (firstLine + index.rows <= fromLine) continue
      const from = Math.max(0, fromLine - firstLine)
      for await (const piece of searchRows(index, text, caseSensitive, from, signal)) {
        yield {
          rows: piece.rows.map((row) => row + firstLine),
          columns: piece.columns,
          next: piece.next + firstLine,
        }
      }
    }
  }
}
