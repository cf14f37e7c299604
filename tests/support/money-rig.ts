import type { Budget } from '../../preload/contract/budget.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Offer } from '../../preload/contract/offer.ts'
import type { RentalId, StopVerdict } from '../../preload/contract/rental.ts'
import type { Clock } from '../../main/domain/clock.ts'
import { silentLogger } from '../../main/domain/logger.ts'
import type { JobEvent } from '../../main/domain/job/events.ts'
import type { RentalRecord } from '../../main/domain/rental/record.ts'
import { reportingZone } from '../../main/domain/reporting-day.ts'
import { Breaker } from '../../main/jobs/breaker.ts'
import { BudgetRoom } from '../../main/jobs/budget-room.ts'
import { Journal } from '../../main/jobs/journal/journal.ts'
import { LiveFeed } from '../../main/jobs/live-feed.ts'
import type { HomeLink } from '../../main/jobs/ports.ts'
import { Wake } from '../../main/jobs/wake.ts'
import { openDatabase } from '../../main/store/open.ts'
import { now } from './fake-facts.ts'
import { attemptStarted, submitted } from './job-events.ts'
import { intended } from './rental-events.ts'
import { steppingClock } from './stepping-clock.ts'

export const hourMs = 3_600_000
export const verdict: StopVerdict = { stopsByItself: true, endsAt: null, levels: [] }

/** Which job runs on which machine. */
export interface Running {
  readonly jobId: string
  readonly rentalId: RentalId
}

/** A journal with budgets over it, as the engine has them; a test moves what is `let` there. */
export interface MoneyRig {
  budgets: Budget[]
  /** What closed rentals have cost. */
  closedMicros: number
  /** What an open rental would be booked as. */
  entries: (rental: RentalRecord) => readonly LedgerEntry[]
  /** Bytes a second home, as they were measured; null when they were not. */
  measured: number | null
  readonly clock: Clock
  readonly journal: Journal
  readonly wake: Wake
  readonly feed: LiveFeed
  readonly homeLink: Pick<HomeLink, 'speeds'>
  readonly room: BudgetRoom
  readonly breaker: Breaker
  /** Lets a job run on a machine that was told to end then; it may run for six hours. */
  readonly run: (one: Running, offer: Offer, endBy: number) => void
  /** The results of a job's first attempt: so much in all, and so much not home. */
  readonly weigh: (jobId: string, totalBytes: number, missingBytes: number) => void
  readonly close: () => void
}

/** Call `close` in the test's clean-up. */
export function moneyRig(clock: Clock = steppingClock(now)): MoneyRig {
  const database = openDatabase(':memory:')
  const journal = new Journal(database, clock)
  const wake = new Wake(clock)
  const feed = new LiveFeed()
  const homeLink: MoneyRig['homeLink'] = {
    speeds: { bytesPerSecond: () => rig.measured, learn: async () => undefined },
  }
  const room = new BudgetRoom({
    clock,
    journal,
    homeLink,
    feed,
    budgets: () => [...rig.budgets],
    closedMicros: () => rig.closedMicros,
    entries: (rental) => rig.entries(rental),
    zone: () => reportingZone('UTC'),
  })
  const books = { settle: () => undefined, costMicros: () => 0 }
  const breaker = new Breaker({
    clock,
    journal,
    wake,
    books,
    room,
    homeLink,
    feed,
    log: silentLogger,
  })
  const rig: MoneyRig = {
    budgets: [],
    closedMicros: 0,
    entries: () => [],
    measured: null,
    clock,
    journal,
    wake,
    feed,
    homeLink,
    room,
    breaker,
    run: (one, offer, endBy) => startOn(journal, one, offer, endBy),
    weigh: (jobId, totalBytes, missingBytes) =>
      feed.weighed(jobId, {
        attemptId: 'a1',
        totalBytes,
        missingBytes,
        uncountedBytes: 0,
        isLast: false,
      }),
    close: () => database.close(),
  }
  return rig
}

function startOn(
  journal: Journal,
  { jobId, rentalId }: Running,
  offer: Offer,
  endBy: number,
): void {
  const ceiling = { ...submitted.ceiling, endBy: now + 6 * hourMs }
  const attemptId = 'a1'
  const allocated = { attemptId, jobId, jobName: 'train', project: null }
  const machine = { instanceId: 'i-1', billedFrom: now, gpuIndices: null }
  const connected = { verdict, hostKeyFingerprint: 'x', gpuIndices: null, warnings: [] }
  journal.append(
    { job: jobId, event: { ...submitted, ceiling } },
    { job: jobId, event: { kind: 'inputs-frozen', bytes: 1, files: 1, warnings: [] } },
    { rental: rentalId, event: { ...intended(endBy), offer } },
    { rental: rentalId, event: { kind: 'allocated', ...allocated } },
    { job: jobId, event: began(attemptId, rentalId) },
    { rental: rentalId, event: { kind: 'launch-issued' } },
    { rental: rentalId, event: { kind: 'launched', ...machine } },
    { rental: rentalId, event: { kind: 'leased', verdict, endBy } },
    { job: jobId, event: { kind: 'launched', attemptId, instanceId: 'i-1' } },
    { job: jobId, event: { kind: 'booted', attemptId } },
    { job: jobId, event: { kind: 'connected', attemptId, ...connected } },
    {
      job: jobId,
      event: { kind: 'staged', attemptId, bytesSent: 1, bytesSkipped: 0, completeAtS: 1 },
    },
    { job: jobId, event: { kind: 'started', attemptId } },
  )
}

/** As `choose` journals it: with what the results are expected to weigh. */
function began(attemptId: string, rentalId: RentalId): JobEvent {
  const event = attemptStarted(attemptId)
  if (event.kind !== 'attempt-started') throw new Error('It begins no attempt.')
  const results = { bytes: 100_000_000, sizeFrom: 'assumed' as const }
  return { ...event, rentalId, estimate: { ...event.estimate, results } }
}
