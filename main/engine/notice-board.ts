import type { MetricsSample } from '../../preload/contract/job.ts'
import type { Notice } from '../../preload/contract/overview.ts'
import type { Clock } from '../domain/clock.ts'
import { gpuIdleness, type GpuIdleness } from '../domain/gpu-idle.ts'
import { budgetNotice, endNotice, idleNotice, leaseNotice, longNotice } from '../domain/notices.ts'
import { leakNotice, releaseNotice } from '../domain/radar/notices.ts'
import { lastAttempt } from '../domain/job/record.ts'
import type { Journal } from '../jobs/journal/journal.ts'
import type { Spotted } from './radar/radar.ts'
import { budgetsNow, type BudgetParts } from './budget-figures.ts'

const keptMs = 24 * 3_600_000
const toldCount = 100

interface AttemptIdleness {
  readonly attemptId: string | null
  readonly state: GpuIdleness
}

/** Remembers what was worth saying, so that every window hears of it once. */
export class NoticeBoard {
  readonly #journal: Journal
  readonly #clock: Clock
  readonly #said = new Map<string, Notice>()
  /** Of each job's last attempt: another machine begins anew. */
  readonly #idleness = new Map<string, AttemptIdleness>()

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal
    this.#clock = clock
    journal.onChange(({ jobs }) => {
      for (const id of jobs) {
        const notice = endNotice(journal.job(id))
        if (notice === null) continue
        this.#say(notice)
        this.#idleness.delete(id)
      }
    })
  }

  /** New samples of a running job. */
  measured(jobId: string, samples: readonly MetricsSample[]): void {
    const attemptId = lastAttempt(this.#journal.job(jobId))?.id ?? null
    const known = this.#idleness.get(jobId)
    const before = known?.attemptId === attemptId ? known.state : null
    const state = gpuIdleness(before, samples)
    if (state !== null) this.#idleness.set(jobId, { attemptId, state })
  }

  /** What the leak radar sees now. */
  spotted(spotted: readonly Spotted[]): void {
    for (const one of spotted) this.#say(leakNotice(one, this.#clock.now()))
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
      this.#say(longNotice(job, now))
      this.#say(idleNotice(job, idleMs, now))
    }
    for (const rental of this.#journal.openRentals()) {
      this.#say(leaseNotice(rental, now))
      this.#say(releaseNotice(rental, now))
    }
    const { month, states } = budgetsNow(parts)
    for (const state of states) this.#say(budgetNotice(state, month, now))
    for (const [id, { at }] of this.#said) {
      if (now - at > keptMs) this.#said.delete(id)
    }
    // What is left out stays known: said anew, it would push out the next, and so on for ever.
    return [...this.#said.values()].sort((a, b) => b.at - a.at).slice(0, toldCount)
  }

  #say(notice: Notice | null): void {
    if (notice !== null && !this.#said.has(notice.id)) this.#said.set(notice.id, notice)
  }
}
