import type { MetricsSample } from '../../preload/contract/metrics-sample.ts'
import type { Micros } from '../../preload/contract/money.ts'
import type { Notice } from '../../preload/contract/overview.ts'
import type { Clock } from '../domain/clock.ts'
import { gpuIdleness, type GpuIdleness } from '../domain/gpu-idle.ts'
import {
  budgetNotice,
  endNotice,
  idleNotice,
  jobBudgetNotice,
  leaseNotice,
  longNotice,
} from '../domain/notices.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { zeroMicros } from '../domain/money.ts'
import { keyNotice, leakNotice, releaseNotice } from '../domain/radar/notices.ts'
import { reportingZone } from '../domain/reporting-day.ts'
import type { Journal } from '../jobs/journal/journal.ts'
import type { RadarView } from './radar/radar.ts'
import { budgetsNow, type BudgetParts } from './budget-figures.ts'

const keptMs = 24 * 3_600_000
const toldCount = 100
/** How the ids of notices begin that only a look of the radar gives rise to. */
const radarsOwn = ['leak:', 'key:'] as const

interface AttemptIdleness {
  readonly attemptId: string | null
  readonly state: GpuIdleness
}

/** Remembers what was worth saying, so that every window hears of it once. */
export class NoticeBoard {
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #costOf: (job: JobRecord) => Micros
  readonly #said = new Map<string, Notice>()
  /** Matters of which the user wants to hear no more, with when each was last the case. */
  readonly #muted = new Map<string, number>()
  /** When the radar last said what there is. */
  #spottedAt = 0
  /** Of each job's last attempt: another machine begins anew. */
  readonly #idleness = new Map<string, AttemptIdleness>()

  /** `costOf` answers what a job has cost until now. */
  constructor(journal: Journal, clock: Clock, costOf: (job: JobRecord) => Micros) {
    this.#journal = journal
    this.#costOf = costOf
    this.#clock = clock
    journal.onChange(({ jobs }) => {
      for (const id of jobs) {
        const job = journal.job(id)
        if (job.endedAt === null) continue
        this.#say(endNotice(job, costOf(job)))
        this.#idleness.delete(id)
      }
    })
  }

  /** New samples of a running job. */
  measured(jobId: string, samples: readonly MetricsSample[]): void {
    const attempt = lastAttempt(this.#journal.job(jobId))
    const attemptId = attempt?.id ?? null
    const known = this.#idleness.get(jobId)
    const before = known?.attemptId === attemptId ? known.state : null
    const state = gpuIdleness(before, samples, attempt?.gpuIndices ?? null)
    if (state !== null) this.#idleness.set(jobId, { attemptId, state })
  }

  /** What the leak radar sees now. */
  spotted({ spotted, readings }: RadarView): void {
    const now = this.#clock.now()
    this.#spottedAt = now
    for (const one of spotted) this.#say(leakNotice(one, now))
    const rentals = this.#journal.openRentals()
    for (const { account, problem } of readings) {
      this.#say(keyNotice(account, problem, rentals, now))
    }
  }

  /** Those of the last day, the newest first. */
  current(parts: BudgetParts): readonly Notice[] {
    const now = this.#clock.now()
    for (const job of this.#journal.openJobs()) {
      const known = this.#idleness.get(job.id)
      const idle = known?.attemptId === lastAttempt(job)?.id ? known?.state : undefined
      // The machine's clock runs in physical time, whatever ours does.
      const idleMs =
        idle === undefined ? 0 : (idle.seenAt - idle.idleSinceAt) / this.#clock.realMs(1)
      if (job.state === 'queued') continue
      const costMicros = this.#costOf(job)
      this.#say(longNotice(job, costMicros, now))
      this.#say(idleNotice(job, idleMs, costMicros, now))
      this.#say(jobBudgetNotice(job, costMicros, now))
    }
    for (const rental of this.#journal.openRentals()) {
      const jobId = rental.allocations.at(-1)?.jobId
      const costMicros = jobId === undefined ? zeroMicros : this.#costOf(this.#journal.job(jobId))
      this.#say(leaseNotice(rental, costMicros, now))
      this.#say(releaseNotice(rental, now))
    }
    const zone = reportingZone(parts.settings.get('reportingZone'))
    for (const state of budgetsNow(parts).states) this.#say(budgetNotice(state, zone, now))
    for (const [id, { at }] of this.#said) {
      if (now - at > keptMs) this.#said.delete(id)
    }
    this.#forgetMuted(now)
    // What is left out stays known: said anew, it would push out the next, and so on for ever.
    return [...this.#said.values()].sort((a, b) => b.at - a.at).slice(0, toldCount)
  }

  /** `Keep running`: it is in sight no more and is not said again. */
  mute(noticeId: string): void {
    this.#muted.set(noticeId, this.#clock.now())
    this.#said.delete(noticeId)
  }

  /** What was not the case for a day, when all of its kind was just looked at, is over. */
  #forgetMuted(now: number): void {
    for (const [id, at] of this.#muted) {
      const lookedAt = radarsOwn.some((kind) => id.startsWith(kind)) ? this.#spottedAt : now
      if (lookedAt - at > keptMs) this.#muted.delete(id)
    }
  }

  #say(notice: Notice | null): void {
    if (notice === null) return
    if (this.#muted.has(notice.id)) {
      this.#muted.set(notice.id, this.#clock.now())
      return
    }
    if (!this.#said.has(notice.id)) this.#said.set(notice.id, notice)
  }
}
