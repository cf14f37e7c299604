import type { JobSummary } from '../../../preload/contract/job.ts'
import type { Micros } from '../../../preload/contract/money.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { jobProgress } from '../../domain/job/progress.ts'
import { lastAttempt, type JobRecord } from '../../domain/job/record.ts'
import { machineWords } from '../../domain/machine-words.ts'
import { sumMicros } from '../../domain/money.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import type { Journal } from '../journal/journal.ts'
import type { LiveFeed } from '../live-feed.ts'
import type { Books, HomeLink, ProviderAccess } from '../ports.ts'
import { spentBefore } from '../spent.ts'

export interface ViewDeps {
  readonly journal: Journal
  readonly books: Books
  readonly feed: LiveFeed
  readonly homeLink: Pick<HomeLink, 'speeds'>
  readonly providers: Pick<ProviderAccess, 'about'>
}

/** The rentals that served the job, in the order of its attempts, each once. */
export function rentalsOf(job: JobRecord, journal: Journal): RentalRecord[] {
  const ids = new Set(job.attempts.map((attempt) => attempt.rentalId))
  return [...ids].map((id) => journal.rental(id))
}

/** What the job has cost until now over all its rentals. */
export function costOf(
  job: JobRecord,
  { journal, books }: Pick<ViewDeps, 'journal' | 'books'>,
): Micros {
  return sumMicros(rentalsOf(job, journal).map((rental) => books.costMicros(rental, job.id)))
}

/** A job as lists show it. */
export function summaryOf(job: JobRecord, deps: ViewDeps): JobSummary {
  const attempt = lastAttempt(job)
  const rentals = rentalsOf(job, deps.journal)
  const rental = rentals.at(-1)
  return {
    id: job.id,
    name: job.spec.name,
    project: job.spec.project,
    state: job.state,
    progress: jobProgress(
      job.state,
      deps.feed.of(job.id),
      job.timeline.at(-1)?.sentence ?? job.state,
    ),
    createdAt: job.submittedAt,
    startedAt: attempt?.startedAt ?? null,
    endedAt: job.endedAt,
    rentalId: attempt?.rentalId ?? null,
    offer: attempt?.offer ?? null,
    costMicros: costOf(job, deps),
    settled: rentals.every((one) => one.phase === 'released'),
    endBy: job.endedAt === null ? (rental?.endBy ?? job.ceiling.endBy) : null,
    endBecause: job.endedAt === null ? (rental?.endBecause ?? null) : null,
    exitCode: attempt?.exitCode ?? null,
    error: job.error,
    outputDir: job.spec.outputDir,
    ceiling: job.ceiling,
    stopsByItself: rental?.verdict?.stopsByItself ?? null,
    expected: expectedOf(job, deps),
    machine: attempt === null ? null : machineOf(attempt.offer, deps),
    stop:
      job.stop === null
        ? null
        : { reason: job.stop.reason, discard: job.stop.discard, sentence: job.stop.sentence },
  }
}

function machineOf(offer: Offer, { providers }: ViewDeps): string {
  return machineWords(offer, providers.about(offer.providerId).name)
}

/** What the attempt under way is expected to cost and to take, after what earlier ones have cost. */
function expectedOf(job: JobRecord, deps: ViewDeps): JobSummary['expected'] {
  const attempt = lastAttempt(job)
  if (attempt === null) return null
  const { expectedMicros, expectedDurationMs, runKnown } = attempt.estimate
  return {
    micros: sumMicros([expectedMicros, spentBefore(job, attempt.id, deps)]),
    endsAt: Math.ceil(attempt.beganAt + expectedDurationMs),
    known: runKnown ?? false,
  }
}
