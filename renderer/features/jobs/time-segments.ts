import type { JobSummary, TimelineEntry } from '../../../preload/contract/job.ts'
import type { JobState } from '../../../preload/contract/job-state.ts'
import { assertNever } from '../../../main/domain/errors.ts'
import { formatDuration } from '../../../main/domain/format.ts'

export type SegmentKind = 'wait' | 'rent' | 'data' | 'run' | 'home' | 'lost'

/** One stretch of the job's life on the time bar. */
export interface Segment {
  readonly kind: SegmentKind
  readonly phase: 'past' | 'now' | 'next'
  /** How long it took or is expected to take; what the width goes by. */
  readonly ms: number
  /** Share of it that is over, 0 to 1. */
  readonly done: number
  readonly label: string
}

/** Reckoned for what comes after the run where nothing is known. */
const homeMs = 20_000
/** Freezing a few files is not worth a stretch of its own. */
const shortWaitMs = 5_000
const leastRunLeftMs = 15_000

/**
 * The states as stretches: those that belong together as one, what is left to come behind them.
 * Without a known run time the run has no end on the bar.
 */
export function timeSegments(
  timeline: readonly TimelineEntry[],
  summary: Pick<JobSummary, 'expected' | 'endedAt' | 'stop'>,
  now: number,
): readonly Segment[] {
  const past = merged(timeline, now)
  const last = past.at(-1)
  if (summary.endedAt !== null || last === undefined) return past.map((one) => finished(one))
  const before = past.slice(0, -1).map((one) => finished(one))
  const left = leftMs(summary, now)
  const current = under(last, left)
  const soFar = past.reduce((sum, one) => sum + one.ms, 0)
  return [...before, current, ...coming(last.kind, left, Math.min(homeMs, soFar / 8))]
}

interface Stretch {
  readonly kind: SegmentKind
  readonly ms: number
}

function merged(timeline: readonly TimelineEntry[], now: number): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (const { at, until, state } of timeline) {
    const kind = kindOf(state)
    if (kind === null) continue
    const ms = Math.max(0, (until ?? now) - at)
    const last = stretches.at(-1)
    const goesOn = last?.kind === kind || (last?.kind === 'wait' && last.ms < shortWaitMs)
    if (last !== undefined && goesOn) stretches.splice(-1, 1, { kind, ms: last.ms + ms })
    else stretches.push({ kind, ms })
  }
  return stretches
}

function kindOf(state: JobState): SegmentKind | null {
  switch (state) {
    case 'queued':
      return 'wait'
    case 'choosing':
    case 'launching':
    case 'booting':
    case 'connecting':
      return 'rent'
    case 'staging':
      return 'data'
    case 'running':
      return 'run'
    case 'collecting':
    case 'releasing':
      return 'home'
    case 'interrupted':
      return 'lost'
    case 'done':
    case 'failed':
    case 'cancelled':
      return null
    default:
      return assertNever(state)
  }
}

const words: Readonly<Record<SegmentKind, string>> = {
  wait: 'inputs frozen',
  rent: 'rented, booted',
  data: 'data',
  run: 'ran',
  home: 'home',
  lost: 'interrupted',
}
const wordsNow: Readonly<Record<SegmentKind, string>> = {
  wait: 'freezing inputs',
  rent: 'renting, booting',
  data: 'sending data',
  run: 'running',
  home: 'coming home',
  lost: 'interrupted',
}

function finished({ kind, ms }: Stretch): Segment {
  return { kind, ms, phase: 'past', done: 1, label: `${words[kind]} ${lasted(ms)}` }
}

/** What is expected to be left of the run; null where nothing says so, or where it was exceeded. */
function leftMs(
  { expected, stop }: Pick<JobSummary, 'expected' | 'stop'>,
  now: number,
): number | null {
  if (expected === null || !expected.known || stop !== null) return null
  const left = expected.endsAt - now
  return left > leastRunLeftMs ? left : null
}

function under({ kind, ms }: Stretch, left: number | null): Segment {
  const took = `${wordsNow[kind]} ${lasted(Math.floor(ms / 1_000) * 1_000)}`
  if (kind !== 'run' || left === null) return { kind, ms, phase: 'now', done: 1, label: took }
  const whole = ms + left
  const percent = Math.round((ms / whole) * 100)
  const label = `${took} · ${percent} %, about ${formatDuration(roundedUp(left))} left`
  return { kind, ms: whole, phase: 'now', done: ms / whole, label }
}

function coming(kind: SegmentKind, left: number | null, ms: number): readonly Segment[] {
  const next = (one: SegmentKind, lasts: number, label: string): Segment => ({
    kind: one,
    ms: lasts,
    phase: 'next',
    done: 0,
    label,
  })
  const home = next('home', ms, 'home')
  if (kind === 'home') return []
  if (kind === 'run') return [home]
  const run = next('run', left ?? ms * 3, 'run')
  return kind === 'data' ? [run, home] : [next('data', ms, 'data'), run, home]
}

/** Nobody waits for milliseconds, and a figure that runs through them flickers. */
function lasted(ms: number): string {
  return ms < 1_000 ? '< 1 s' : formatDuration(ms)
}

/** To the minute once there are several: a figure that jumps every second says nothing more. */
function roundedUp(ms: number): number {
  return ms > 120_000 ? Math.ceil(ms / 60_000) * 60_000 : ms
}
