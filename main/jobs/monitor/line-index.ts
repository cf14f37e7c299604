import { open, type FileHandle } from 'node:fs/promises'
import { RowSplitter } from './row-splitter.ts'

/** Every so many rows their offset is kept. */
export const rowsPerMark = 1_000

const pieceBytes = 2 ** 20

/** Where every thousandth row begins, and whether it goes on a line that was cut. */
export interface Mark {
  readonly offset: number
  readonly continued: boolean
}

/**
 * A sparse index of one growing file of text: about 20 bytes for 1,000 rows. Kept in memory and
 * built again after a restart, a megabyte at a time, so that nothing else has to wait.
 */
export class LineIndex {
  readonly path: string
  #splitter = new RowSplitter()
  #marks: Mark[] = [{ offset: 0, continued: false }]
  #endedRows = 0
  #work: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.path = path
  }

  /** Rows so far, the one that has not ended yet among them. */
  get rows(): number {
    return this.#endedRows + (this.#splitter.openRowStart < this.#splitter.seenBytes ? 1 : 0)
  }

  get sizeBytes(): number {
    return this.#splitter.seenBytes
  }

  /** The last mark at or before a row. */
  markOf(row: number): Mark & { readonly row: number } {
    const index = Math.max(0, Math.min(this.#marks.length - 1, Math.floor(row / rowsPerMark)))
    return { ...this.#at(index), row: index * rowsPerMark }
  }

  /** The last mark at or before a byte. */
  markBefore(offset: number): Mark & { readonly row: number } {
    let low = 0
    let high = this.#marks.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#at(middle).offset <= offset) low = middle
      else high = middle - 1
    }
    return { ...this.#at(low), row: low * rowsPerMark }
  }

  /** Reads what the file has grown by. Several callers share the work. */
  async update(): Promise<void> {
    const next = this.#work.then(() => this.#readOn())
    // One failure must not fail every later caller.
    this.#work = next.catch(() => undefined)
    await next
  }

  async #readOn(): Promise<void> {
    const file = await openIfThere(this.path)
    if (file === null) return
    try {
      const { size } = await file.stat()
      if (size < this.#splitter.seenBytes) this.#forget()
      if (size === this.#splitter.seenBytes) return
      const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, size - this.#splitter.seenBytes))
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#splitter.seenBytes)
        if (bytesRead === 0) return
        this.#splitter.push(
          buffer,
          (_start, end, continues) => this.#ended(end, continues),
          bytesRead,
        )
      }
    } finally {
      await file.close()
    }
  }

  #ended(end: number, continues: boolean): void {
    this.#endedRows += 1
    if (this.#endedRows % rowsPerMark === 0) {
      this.#marks.push({ offset: end, continued: continues })
    }
  }

  #at(index: number): Mark {
    return this.#marks[index] ?? { offset: 0, continued: false }
  }

  #forget(): void {
    this.#splitter = new RowSplitter()
    this.#marks = [{ offset: 0, continued: false }]
    this.#endedRows = 0
  }
}

/** Null where there is no such file (yet). */
export async function openIfThere(path: string): Promise<FileHandle | null> {
  return open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
