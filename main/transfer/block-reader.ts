import type { FileHandle } from 'node:fs/promises'

const BLOCK_BYTES = 1024 * 1024
const BLOCKS_KEPT = 16

/** Serves small pieces of a local file, asked for roughly in order, from few large reads. */
export class BlockReader {
  readonly #file: FileHandle
  readonly #blocks = new Map<number, Promise<Buffer>>()

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** At most `length` bytes; fewer where the file ends (it shrank). Never spans two blocks. */
  async piece(offset: number, length: number): Promise<Buffer> {
    const index = Math.floor(offset / BLOCK_BYTES)
    const block = await this.#block(index)
    const start = offset - index * BLOCK_BYTES
    return block.subarray(start, start + length)
  }

  async #block(index: number): Promise<Buffer> {
    const known = this.#blocks.get(index)
    if (known !== undefined) return await known
    const reading = this.#read(index)
    this.#blocks.set(index, reading)
    for (const old of this.#blocks.keys()) {
      if (this.#blocks.size <= BLOCKS_KEPT) break
      this.#blocks.delete(old)
    }
    return await reading
  }

  async #read(index: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(BLOCK_BYTES)
    let filled = 0
    while (filled < BLOCK_BYTES) {
      const at = index * BLOCK_BYTES + filled
      const { bytesRead } = await this.#file.read(buffer, filled, BLOCK_BYTES - filled, at)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }
}
