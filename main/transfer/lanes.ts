import type { Machine } from '../machine/machine.ts'

/** One SSH channel carries about this much per round trip. */
const CHANNEL_WINDOW_BYTES = 2 * 1024 * 1024
/** What one connection's encryption on one core moves anyway. */
const ONE_LANE_BYTES_PER_S = 150_000_000
const MOST_LANES = 8

/**
 * Connections to one machine that share a transfer. Further ones are opened only where the round
 * trip, not the processor, limits a single channel.
 */
export class Lanes {
  readonly machines: readonly Machine[]
  /** Measured, in milliseconds. */
  readonly roundTripMs: number

  constructor(machines: readonly Machine[], roundTripMs: number) {
    this.machines = machines
    this.roundTripMs = roundTripMs
  }

  lane(index: number): Machine {
    const machine = this.machines[index % this.machines.length]
    if (machine === undefined) throw new Error('no lane')
    return machine
  }

  /** Closes what was opened here; the first connection belongs to the caller. */
  close(): void {
    for (const machine of this.machines.slice(1)) machine.close()
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

/** Opens the lanes for so many bytes; `wanted` overrules what the round trip suggests. */
export async function openLanes(
  machine: Machine,
  bytes: number,
  roundTripMs: number,
  wanted: number | undefined,
  signal?: AbortSignal,
): Promise<Lanes> {
  const count = wanted ?? lanesFor(roundTripMs, bytes)
  const more = await Promise.allSettled(
    Array.from({ length: count - 1 }, async () => await machine.another(signal)),
  )
  // A server that refuses further connections still has the first one.
  const opened = more.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const lanes = new Lanes([machine, ...opened], roundTripMs)
  if (signal?.aborted === true) lanes.close()
  signal?.throwIfAborted()
  return lanes
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
