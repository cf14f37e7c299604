import { isDeepStrictEqual } from 'node:util'
import type { Stream } from '../../../preload/contract/procedure.ts'
import type { StreamAnswer } from '../../../main/rpc/handlers.ts'

export interface ReadEvents {
  /** How many came. */
  readonly count: number
  /** What the first wrong one is, or why the stream broke; null when all is well. */
  readonly problem: string | null
}

const longestLeaveMs = 10_000

/**
 * Reads the events of an open stream, up to `most` and as long as each comes within `patienceMs`,
 * holds them to the contract as a client would get them, and leaves. `leave` tells the source so.
 */
export async function readEvents(
  { snapshot, event }: Stream,
  opened: StreamAnswer<unknown, unknown>,
  { most, patienceMs, leave }: { most: number; patienceMs: number; leave: () => void },
): Promise<ReadEvents> {
  const events = opened.events[Symbol.asyncIterator]()
  let count = 0
  let problem = wrongWithValue(snapshot, opened.snapshot, 'the snapshot')
  try {
    while (problem === null && count < most) {
      const step = await within(events.next(), patienceMs)
      if (step === 'late' || step.done === true) break
      count += 1
      problem = wrongWithValue(event, step.value, `event ${count}`)
    }
  } catch (error) {
    problem = `the stream broke after ${count} events: ${String(error)}`
  }
  leave()
  const end = await within(Promise.resolve(events.return?.()), longestLeaveMs)
  return { count, problem: problem ?? (end === 'late' ? 'the stream does not let go' : null) }
}

/** The contract must take what JSON makes of it, and find in it what was said. */
function wrongWithValue(schema: Stream['event'], value: unknown, what: string): string | null {
  const wire: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
  const parsed = schema.safeParse(wire)
  if (!parsed.success) return `${what} has another form: ${parsed.error.message.slice(0, 300)}`
  if (isDeepStrictEqual(parsed.data, value)) return null
  return `${what} changes on its way: ${JSON.stringify(wire).slice(0, 300)}`
}

async function within<T>(work: Promise<T>, longestMs: number): Promise<T | 'late'> {
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => late.resolve('late'), longestMs)
  // Who has gone does not hear how it ended.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
