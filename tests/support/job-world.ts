import type { JobEvent } from '../../main/domain/job/events.ts'
import { nextAction, outcomeOf } from '../../main/domain/job/next-action.ts'
import { lastAttempt, type JobRecord } from '../../main/domain/job/record.ts'
import { holdsRental } from '../../main/domain/job/holds-rental.ts'
import { transition } from '../../main/domain/job/transition.ts'
import type { RentalEvent } from '../../main/domain/rental/events.ts'
import { beginRental } from '../../main/domain/rental/begin.ts'
import { rentalTransition, type RentalRecord } from '../../main/domain/rental/record.ts'
import { assertNever } from '../../main/domain/errors.ts'
import type { RentalId } from '../../preload/contract/rental.ts'
import { now, receipt } from './fake-facts.ts'
import { attemptIdOf, attemptStarted, eventsOf, fresh } from './job-events.ts'
import { intended, rentalEventsOf } from './rental-events.ts'

/** One job and the rentals that its attempts were given, as pure records. */
export interface JobWorld {
  readonly job: JobRecord
  readonly rentals: ReadonlyMap<RentalId, RentalRecord>
  /** How many events have happened; times follow from it. */
  readonly at: number
}

/** A job that was just submitted. */
export function newWorld(): JobWorld {
  return { job: fresh(), rentals: new Map(), at: 0 }
}

export function jobEvent(world: JobWorld, event: JobEvent): JobWorld {
  const at = world.at + 1
  return { ...world, at, job: transition(world.job, event, now + at) }
}

export function rentalEvent(world: JobWorld, id: RentalId, event: RentalEvent): JobWorld {
  const at = world.at + 1
  const known = world.rentals.get(id)
  const next =
    known === undefined && event.kind === 'intended'
      ? beginRental(id, event, now + at)
      : rentalTransition(mustBe(known), event, now + at)
  return { ...world, at, rentals: new Map([...world.rentals, [id, next]]) }
}

/** A new attempt on a rental of its own, as `choose` journals it. */
export function rent(world: JobWorld): JobWorld {
  const id = rentalIdOf(world.rentals.size)
  const attemptId = `a${world.job.attempts.length + 1}`
  const started = { ...attemptStarted(attemptId), rentalId: id } as JobEvent
  const rented = rentalEvent(world, id, intended())
  const allocated = { jobId: world.job.id, jobName: 'train', project: null, attemptId }
  return jobEvent(rentalEvent(rented, id, { kind: 'allocated', ...allocated }), started)
}

/**
 * Every event that may come next, allowed or not: of the job, and of each rental. But for the end,
 * which the engine alone writes, when it has nothing left to do.
 */
export function candidates(world: JobWorld): readonly (() => JobWorld)[] {
  const { job, rentals } = world
  const attemptId = attemptIdOf(job)
  const terms = {
    ceiling: job.ceiling,
    budgetMicros: null,
    maxDurationMs: null,
    endBy: now + 7_200_000,
  }
  const report = { files: 1, bytes: 1, verified: true, warnings: [] }
  const jobEvents: readonly JobEvent[] = [
    { kind: 'collected', attemptId, report, where: 'bucket' },
    { kind: 'came-home', attemptId, report },
    ...eventsOf(attemptId).filter(({ kind }) => kind !== 'attempt-started' && kind !== 'ended'),
    { kind: 'release-called', attemptId, keptWarmUntil: now + 600_000 },
    { kind: 'exited', attemptId, exitCode: 1, inSetup: true, sentence: 'The set-up ended' },
    { kind: 'extended', terms, before: terms },
    { kind: 'extension-refused', before: terms, sentence: 'No' },
  ]
  return [
    () => rent(world),
    ...jobEvents.map((event) => () => jobEvent(world, event)),
    ...[...rentals.keys()].flatMap((id) =>
      rentalEventsOf(id, attemptId).map((event) => () => rentalEvent(world, id, event)),
    ),
  ]
}

/**
 * What the engine does by itself from here in a world that answers: the runner by `nextAction`, the
 * keeper for rentals. Null when all is over.
 */
export function engineStep(world: JobWorld): JobWorld | null {
  const { job, rentals } = world
  for (const rental of rentals.values()) {
    if (rental.phase === 'releasing') return rentalEvent(world, rental.id, released(rental))
    const held = lastAttempt(job)?.rentalId === rental.id && holdsRental(job) && !job.endedAt
    if (rental.phase !== 'released' && !held) {
      return rentalEvent(world, rental.id, {
        kind: 'release-intended',
        because: 'No job needs it.',
      })
    }
  }
  const action = nextAction(job)
  if (action === null) return null
  const attemptId = attemptIdOf(job)
  const gaveUp: JobEvent = { kind: 'gave-up', error: { code: 'cancelled', message: 'Over.' } }
  switch (action.kind) {
    case 'freeze':
      return jobEvent(world, { kind: 'inputs-frozen', bytes: 1, files: 1, warnings: [] })
    case 'choose':
      return rent(world)
    case 'fetch':
      return jobEvent(world, {
        kind: 'came-home',
        attemptId,
        report: { files: 1, bytes: 1, verified: true, warnings: [] },
      })
    case 'abandon':
      return jobEvent(world, gaveUp)
    case 'finish':
      return jobEvent(world, { kind: 'ended', outcome: outcomeOf(job) })
    case 'step': {
      const rental = mustBe(rentals.get(lastAttempt(job)?.rentalId ?? rentalIdOf(0)))
      if (action.step === 'release') {
        const called = jobEvent(world, { kind: 'release-called', attemptId, keptWarmUntil: null })
        if (rental.phase === 'released') return called
        return rentalEvent(called, rental.id, { kind: 'release-intended', because: 'It ended.' })
      }
      if (rental.phase === 'released') {
        return jobEvent(
          world,
          action.step === 'run'
            ? { kind: 'interrupted', attemptId, sentence: 'It was taken away.' }
            : gaveUp,
        )
      }
      const outcome = stepOutcomes[action.step]
      const event = eventsOf(attemptId).find(({ kind }) => kind === outcome)
      return jobEvent(world, event as JobEvent)
    }
    default:
      return assertNever(action)
  }
}

const stepOutcomes = {
  launch: 'launched',
  boot: 'booted',
  connect: 'connected',
  stage: 'started',
  run: 'exited',
  collect: 'collected',
} as const

function released(rental: RentalRecord): RentalEvent {
  return { kind: 'released', receipt: { ...receipt, rentalId: rental.id } }
}

function rentalIdOf(index: number): RentalId {
  return `sublet-01k9${String(index).padStart(22, '0')}`
}

function mustBe(rental: RentalRecord | undefined): RentalRecord {
  if (rental === undefined) throw new Error('There is no such rental.')
  return rental
}
