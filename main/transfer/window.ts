import { untilAborted } from './files.ts'

/**
 * What one request moves. ssh2 cuts it to 32 KiB for servers that do not announce larger limits,
 * as larger requests have corrupted files on some of those.
 */
export const CHUNK_BYTES = 128 * 1024

/** Reads in flight on one connection; together a little more than a channel's 2 MiB window. */
export const REQUESTS_IN_FLIGHT = 32

/** Writes in flight on one connection; what a cut finds here is sent again. */
export const SENDS_IN_FLIGHT = 64

export interface WindowOptions {
  readonly size: number
  /** Everything below is already there. */
  readonly start: number
  /** How many workers share the range; each has its own connection. */
  readonly lanes: number
  /** Requests in flight on one lane. */
  readonly depth: number
  readonly signal?: AbortSignal
  /** Resolves once the lane can move chunks, false when it never will; the first is ready. */
  readonly ready: (lane: number) => Promise<boolean>
  /** Moves one chunk; resolves once the far end acknowledged it. */
  readonly move: (lane: number, offset: number, length: number) => Promise<void>
  /** Called as the acknowledged range grows without gaps: everything below is safe. */
  readonly onContiguous: (offset: number) => void
}

/**
 * Moves a range in overlapping chunks over one or more lanes. The first failure stops new chunks,
 * waits for those in flight, and is thrown.
 */
export async function runWindow(options: WindowOptions): Promise<void> {
  const { size, start, lanes, depth, signal } = options
  let next = start
  let contiguous = start
  const state = { failed: false }
  // A lane that is still connecting must not hold up an end that it is no longer needed for.
  const over = Promise.withResolvers<boolean>()
  if (start >= size) over.resolve(false)
  const early = new Map<number, number>()
  const acknowledge = (offset: number, length: number): void => {
    early.set(offset, length)
    let grown = false
    for (let known = early.get(contiguous); known !== undefined; known = early.get(contiguous)) {
      early.delete(contiguous)
      contiguous += known
      grown = true
    }
    if (grown) options.onContiguous(contiguous)
    if (contiguous >= size) over.resolve(false)
  }
  const worker = async (lane: number): Promise<void> => {
    if (lane > 0 && !(await Promise.race([options.ready(lane), over.promise]))) return
    while (next < size && !state.failed) {
      signal?.throwIfAborted()
      const offset = next
      const length = Math.min(CHUNK_BYTES, size - offset)
      next += length
      await options.move(lane, offset, length)
      acknowledge(offset, length)
    }
  }
  const workers = Array.from({ length: lanes * depth }, async (_, index) => {
    try {
      await worker(index % lanes)
    } catch (error) {
      state.failed = true
      over.resolve(false)
      throw error
    }
  })
  const results = await untilAborted(Promise.allSettled(workers), signal)
  signal?.throwIfAborted()
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
