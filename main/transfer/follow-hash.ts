import type { Machine } from '../machine/machine.ts'
import { runForBytes, shellWord } from './remote-command.ts'
import { FIND_HASH_TOOL } from './remote-hash.ts'

const BLOCK_BYTES = 1024 * 1024
const STEP_BLOCKS = 8

/**
 * Hashes a remote file while it is being written: the command reads each range as soon as all of
 * it has been acknowledged, so the hash is ready a moment after the last byte.
 */
export class FollowHash {
  readonly #result: Promise<string | null>
  #wake: () => void = () => undefined
  #readyBlocks = 0
  #ended = false
  #whole = false

  /** `path` must exist with its full size. The command starts at once. */
  constructor(machine: Machine, path: string, signal?: AbortSignal) {
    const command = `${FIND_HASH_TOOL}
while read -r skip count; do dd if=${shellWord(path)} bs=${BLOCK_BYTES} skip="$skip" count="$count" 2>/dev/null; done | $t`
    this.#result = runForBytes(machine, command, this.#ranges(), signal).then(
      ({ stdout }) => {
        const hash = stdout.subarray(0, 64).toString('latin1')
        return this.#whole && /^[0-9a-f]{64}$/.test(hash) ? hash : null
      },
      // The transfer itself reports a cut; without an answer the file is simply hashed again.
      () => null,
    )
  }

  async *#ranges(): AsyncGenerator<Uint8Array> {
    let toldBlocks = 0
    while (!this.#ended || toldBlocks < this.#readyBlocks) {
      const count = this.#readyBlocks - toldBlocks
      if (count >= STEP_BLOCKS || (this.#ended && count > 0)) {
        yield Buffer.from(`${toldBlocks} ${count}\n`)
        toldBlocks += count
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  /** Everything below `offset` has been acknowledged. */
  reached(offset: number): void {
    this.#readyBlocks = Math.floor(offset / BLOCK_BYTES)
    if (!this.#ended) this.#wake()
  }

  /** All of the file is there; answers the hash, or null where the machine could not say. */
  async finish(size: number): Promise<string | null> {
    this.#readyBlocks = Math.ceil(size / BLOCK_BYTES)
    this.#whole = true
    await this.abandon()
    return await this.#result
  }

  /** Ends the command, and waits until it has left the folder. */
  async abandon(): Promise<void> {
    this.#ended = true
    this.#wake()
    await this.#result
  }
}
