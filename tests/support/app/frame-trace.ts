import { z } from 'zod'

const eventSchema = z.looseObject({
  name: z.string(),
  ph: z.string(),
  ts: z.number(),
  dur: z.number().optional(),
  /** Time on the processor, which waiting for a busy one does not lengthen. */
  tdur: z.number().optional(),
  pid: z.number(),
  tid: z.number(),
})
type TraceEvent = z.infer<typeof eventSchema>

/** What Chromium's trace calls the running of scripts; they contain each other. */
const scripting = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FunctionCall',
  'RunMicrotasks',
  'TimerFire',
  'v8.callFunction',
])

export interface FrameFigures {
  /** Processor time in scripts from a frame's beginning to the next one's. */
  readonly scriptMs: number
}

/** The frames of a page in a trace of the categories `devtools.timeline` and `toplevel`. */
export function framesOf(trace: string): readonly FrameFigures[] {
  const { traceEvents } = z.object({ traceEvents: z.array(z.unknown()) }).parse(JSON.parse(trace))
  const events = traceEvents
    .flatMap((event) => {
      const parsed = eventSchema.safeParse(event)
      return parsed.success ? [parsed.data] : []
    })
    .toSorted((a, b) => a.ts - b.ts)
  const begins = events.filter(({ name, ph }) => name === 'AnimationFrame' && ph === 'b')
  const thread = mostFrequentThread(begins)
  const starts = begins.filter((event) => threadOf(event) === thread).map(({ ts }) => ts)
  const scripts = outermost(
    events.filter((event) => threadOf(event) === thread && scripting.has(event.name)),
  )
  return starts.slice(0, -1).map((start, index) => {
    const end = starts[index + 1] ?? Infinity
    const inside = scripts.filter(({ ts }) => ts >= start && ts < end)
    return { scriptMs: inside.reduce((sum, { dur = 0, tdur = dur }) => sum + tdur, 0) / 1_000 }
  })
}

function threadOf({ pid, tid }: TraceEvent): string {
  return `${pid} ${tid}`
}

function mostFrequentThread(events: readonly TraceEvent[]): string {
  const counts = new Map<string, number>()
  for (const event of events) counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}

/** Complete events that lie in no other of them. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  let until = 0
  return events.filter(({ ph, ts, dur = 0 }) => {
    if (ph !== 'X' || ts < until) return false
    until = ts + dur
    return true
  })
}
