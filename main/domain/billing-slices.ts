import type { ReportingZone } from './reporting-day.ts'

/** Who used a rental, and when; `to` null while it lasts. */
export interface Usage {
  readonly jobId: string
  readonly from: number
  readonly to: number | null
}

/** A piece of a rental's time, never across a reporting day nor across a change of users. */
export interface Slice {
  readonly from: number
  readonly to: number
  /** Who uses it, each job once, in order of arrival; empty when nobody does. */
  readonly jobIds: readonly string[]
  readonly day: string
}

/**
 * Cuts an interval by its users and by day. Time before the first job is that job's: the machine
 * was rented for it. Gaps between jobs, and a tail after a job that gave the machine up, are
 * nobody's. Gapless, in order; one empty slice for an empty interval.
 */
export function slices(
  fromMs: number,
  toMs: number,
  usages: readonly Usage[],
  zone: ReportingZone,
): Slice[] {
  const end = Math.max(fromMs, toMs)
  const uses = settle(fromMs, end, usages)
  const cuts = new Set<number>([fromMs])
  for (const use of uses) cuts.add(use.from).add(use.to)
  for (let at = zone.nextDayAfter(fromMs); at < end; at = zone.nextDayAfter(at)) cuts.add(at)
  const starts = [...cuts].filter((at) => at < end || at === fromMs).sort((a, b) => a - b)
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? end
    const users = uses.filter((use) => use.from <= from && (use.to > from || from === end))
    return { from, to, jobIds: [...new Set(users.map((use) => use.jobId))], day: zone.dayOf(from) }
  })
}

interface SettledUsage {
  readonly jobId: string
  readonly from: number
  readonly to: number
}

/** Closes, clamps and orders usages, with the head given to the first job. */
function settle(fromMs: number, end: number, usages: readonly Usage[]): SettledUsage[] {
  const clamp = (at: number): number => Math.min(end, Math.max(fromMs, at))
  const closed = usages
    .map((use) => ({ jobId: use.jobId, from: clamp(use.from), to: clamp(use.to ?? end) }))
    .sort((a, b) => a.from - b.from || a.to - b.to)
  return closed.map((use, index) => ({ ...use, from: index === 0 ? fromMs : use.from }))
}
