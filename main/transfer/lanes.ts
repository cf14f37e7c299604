import type { Machine } from '../machine/machine.ts'

/** One SSH channel carries about this much per round trip. */
const CHANNEL_WINDOW_BYTES = 2 * 1024 * 1024
/** What one connection's encryption on one core moves anyway. */
const ONE_LANE_BYTES_PER_S = 150_000_000
const MOST_LANES = 8

/**
 * Connections to one machine that share a transfer. Further ones are opened only where the round
 * trip, not the processor, limits a single channel, and in the background: whoever can start on
 * the first one does.
 */
export class Lanes {
  /** In order; the first is ready. One that the server refuses is the first once more. */
  readonly machines: readonly Promise<Machine>[]
  /** Measured, in milliseconds. */
  readonly roundTripMs: number
  readonly #first: Machine

  constructor(first: Machine, count: number, roundTripMs: number, signal?: AbortSignal) {
    this.#first = first
    this.roundTripMs = roundTripMs
    const more = Array.from({ length: count - 1 }, async () => {
      try {
        return await first.another(signal)
      } catch {
        // Fewer connections only cost speed; a real failure shows on the first one.
        return first
      }
    })
    this.machines = [Promise.resolve(first), ...more]
  }

  async lane(index: number): Promise<Machine> {
    return (await this.machines[index % this.machines.length]) ?? this.#first
  }

  async #closeOne(opening: Promise<Machine>): Promise<void> {
    const machine = await opening
    if (machine !== this.#first) machine.close()
  }

  /** Closes what was opened here; the first connection belongs to the caller. */
  close(): void {
    for (const opening of this.machines) void this.#closeOne(opening)
  }
}

/** How many lanes pay at this round trip. */
export function lanesFor(roundTripMs: number, bytes: number): number {
  const oneLane = CHANNEL_WINDOW_BYTES / (Math.max(roundTripMs, 1) / 1000)
  if (oneLane >= ONE_LANE_BYTES_PER_S / 2) return 1
  const useful = Math.ceil(ONE_LANE_BYTES_PER_S / oneLane)
  const filled = Math.ceil(bytes / (2 * CHANNEL_WINDOW_BYTES))
  return Math.max(1, Math.min(MOST_LANES, useful, filled))
}

const STREAM_BYTES = 8 * 1024 * 1024
const MEMBER_BYTES = 512

/** Cuts a list into as many streams of about equal size as pay, at least one. */
export function splitForLanes<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  lanes: number,
): T[][] {
  const total = items.reduce((sum, item) => sum + sizeOf(item) + MEMBER_BYTES, 0)
  const most = Math.max(1, Math.min(lanes, Math.ceil(total / STREAM_BYTES)))
  const parts: T[][] = [[]]
  let filled = 0
  for (const item of items) {
    if (filled >= total / most) {
      parts.push([])
      filled = 0
    }
    parts.at(-1)?.push(item)
    filled += sizeOf(item) + MEMBER_BYTES
  }
  return parts
}
