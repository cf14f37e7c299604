import type { LogExtent, LogLine } from '../../../preload/contract/services/logs.ts'

/** Lines that are fetched together. */
export const blockLines = 200
/** Characters that are held at most, whatever the lines are like: about 6 MB. */
const mostCharacters = 3_000_000

interface Block {
  readonly lines: readonly LogLine[]
  /** The log's size when they were read. */
  readonly sizeBytes: number
  /** How much of it had times then. */
  readonly timedBytes: number
  readonly characters: number
}

/** The lines of a log that were looked at last, in blocks; what was not is forgotten. */
export class LogBlocks {
  readonly #blocks = new Map<number, Block>()
  #characters = 0

  get characters(): number {
    return this.#characters
  }

  line(number: number): LogLine | undefined {
    return this.#blocks.get(Math.floor(number / blockLines))?.lines[number % blockLines]
  }

  put(
    index: number,
    lines: readonly LogLine[],
    { sizeBytes, timedBytes }: Pick<LogExtent, 'sizeBytes' | 'timedBytes'>,
  ): void {
    this.#forget(index)
    const characters = lines.reduce((sum, line) => sum + line.text.length + 64, 0)
    this.#blocks.set(index, { lines, sizeBytes, timedBytes, characters })
    this.#characters += characters
    for (const oldest of this.#blocks.keys()) {
      if (this.#characters <= mostCharacters || oldest === index) break
      this.#forget(oldest)
    }
  }

  /** Marks a block as in use, so that it is forgotten last. */
  touch(index: number): void {
    const block = this.#blocks.get(index)
    if (block === undefined) return
    this.#blocks.delete(index)
    this.#blocks.set(index, block)
  }

  /** Whether the block must be read (again): it is missing, has grown, or its times are known now. */
  lacks(index: number, extent: LogExtent): boolean {
    const expected = Math.min(blockLines, extent.lines - index * blockLines)
    if (expected <= 0) return false
    const block = this.#blocks.get(index)
    if (block === undefined || block.lines.length < expected) return true
    // The last line of then may go on; every other one is as it will be.
    const heldTheEnd = (index + 1) * blockLines >= extent.lines
    if (heldTheEnd && block.sizeBytes !== extent.sizeBytes) return true
    return block.lines.some((line) => line.at === null && this.#isTimed(line, block, extent))
  }

  clear(): void {
    this.#blocks.clear()
    this.#characters = 0
  }

  #isTimed(line: LogLine, block: Block, extent: LogExtent): boolean {
    // Read when as much was timed as now, a line without a time will not have one yet, or never.
    return line.offset < extent.timedBytes && block.timedBytes < extent.timedBytes
  }

  #forget(index: number): void {
    this.#characters -= this.#blocks.get(index)?.characters ?? 0
    this.#blocks.delete(index)
  }
}
