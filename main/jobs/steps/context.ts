import type { JobEvent } from '../../domain/job/events.ts'
import type { AttemptRecord, JobRecord } from '../../domain/job/record.ts'
import type { RentalEvent } from '../../domain/rental/events.ts'
import type { RentalRecord } from '../../domain/rental/record.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Logger } from '../../domain/logger.ts'
import type { AcknowledgedByMachine } from '../../transfer/acknowledged.ts'
import type { Redactor } from '../../logging/redactor.ts'
import type { SpendRoom } from '../budget-room.ts'
import type { HomePaths } from '../home-paths.ts'
import type { Journal } from '../journal/journal.ts'
import type { LiveFeed } from '../live-feed.ts'
import type {
  Books,
  HomeLink,
  JobSecrets,
  ProviderAccess,
  RentalMachines,
  ResultBuckets,
} from '../ports.ts'
import type { Wake } from '../wake.ts'

/** What every step may use; made once in the composition root. */
export interface JobDeps {
  readonly clock: Clock
  readonly journal: Journal
  readonly wake: Wake
  readonly providers: ProviderAccess
  readonly machines: RentalMachines
  readonly books: Books
  readonly room: SpendRoom
  readonly homeLink: HomeLink
  readonly secrets: JobSecrets
  readonly buckets: ResultBuckets
  readonly paths: HomePaths
  readonly feed: LiveFeed
  readonly log: Logger
  /** What machines have of the uploads under way. */
  readonly acknowledged: AcknowledgedByMachine
  /** Knows the values of the secrets that were read. */
  readonly redactor: Redactor
  readonly homeId: string
  /** Jobs that may hold a machine at the same time; the others wait their turn. */
  readonly maxConcurrentJobs: () => number
}

/** One job's step under way. Records are read fresh, because other events may arrive meanwhile. */
export interface StepContext extends JobDeps {
  readonly jobId: string
  /** Aborted when the step must leave: the engine goes, or the job is told to stop. */
  readonly signal: AbortSignal
  /** Environment that the client passed with its request; empty after a restart of the engine. */
  readonly clientEnvironment: Readonly<Record<string, string>>
  job(): JobRecord
  attempt(): AttemptRecord
  rental(): RentalRecord
  /** Journals events of this job. */
  append(...events: readonly JobEvent[]): void
  /** Journals job and rental events in one transaction. */
  appendBoth(jobEvents: readonly JobEvent[], rentalEvents: readonly RentalEvent[]): void
  /** Shows how far the step is, 0..1, with one plain sentence. */
  progress(fraction: number, sentence: string): void
}

/** A step: safe to repeat after a crash at any line; ends by journaling its outcome. */
export type RunStep = (context: StepContext) => Promise<void>
