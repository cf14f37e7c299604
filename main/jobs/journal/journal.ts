import { z } from 'zod'
import { isEnded } from '../../../preload/contract/job-state.ts'
import type { RentalId } from '../../../preload/contract/rental.ts'
import type { Clock } from '../../domain/clock.ts'
import { SubletError } from '../../domain/errors.ts'
import type { JobEvent } from '../../domain/job/events.ts'
import type { JobRecord } from '../../domain/job/record.ts'
import { begin } from '../../domain/job/begin.ts'
import { transition } from '../../domain/job/transition.ts'
import type { RentalEvent } from '../../domain/rental/events.ts'
import { beginRental } from '../../domain/rental/begin.ts'
import { rentalTransition, type RentalRecord } from '../../domain/rental/record.ts'
import type { Database } from '../../store/database.ts'
import {
  currentVersion,
  jobUpcasters,
  journalRowSchema,
  parseJobRow,
  parseRentalRow,
  rentalUpcasters,
} from './rows.ts'

/** One event for one stream. Several are written together or not at all. */
export type JournalWrite =
  | { readonly job: string; readonly event: JobEvent }
  | { readonly rental: RentalId; readonly event: RentalEvent }

export type JournalListener = (changed: {
  readonly jobs: ReadonlySet<string>
  readonly rentals: ReadonlySet<RentalId>
}) => void

const streamRow = z.object({ stream: z.string() })

/**
 * The append-only truth about jobs and rentals. Synchronous: when `append` returns, the events are
 * on disk and every record reflects them, so that a check and an append cannot be interleaved.
 */
export class Journal {
  readonly #db: Database
  readonly #clock: Clock
  readonly #jobs = new Map<string, JobRecord>()
  readonly #rentals = new Map<RentalId, RentalRecord>()
  readonly #listeners = new Set<JournalListener>()

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /** Writes all events in one transaction; throws `internal`, writing nothing, on an impossible one. */
  append(...writes: readonly JournalWrite[]): void {
    this.appendWith(() => undefined, ...writes)
  }

  /** The same together with what `work` writes to the same database: all of it or nothing. */
  appendWith(work: () => void, ...writes: readonly JournalWrite[]): void {
    const at = this.#clock.now()
    const jobs = new Map<string, JobRecord>()
    const rentals = new Map<RentalId, RentalRecord>()
    for (const write of writes) {
      if ('job' in write) jobs.set(write.job, this.#foldJob(write.job, jobs, write.event, at))
      else rentals.set(write.rental, this.#foldRental(write.rental, rentals, write.event, at))
    }
    this.#db.transaction(() => {
      work()
      for (const write of writes) this.#insert(write, at)
      for (const [id, job] of jobs) {
        this.#project(id, 'job', isEnded(job.state), job.submittedAt)
      }
      for (const [id, rental] of rentals) {
        this.#project(id, 'rental', rental.phase === 'released', rental.intendedAt)
      }
    })
    for (const [id, job] of jobs) this.#jobs.set(id, job)
    for (const [id, rental] of rentals) this.#rentals.set(id, rental)
    const changed = { jobs: new Set(jobs.keys()), rentals: new Set(rentals.keys()) }
    for (const listener of this.#listeners) listener(changed)
  }

  /** Throws `not-found` with a sentence for the user. */
  job(id: string): JobRecord {
    const known = this.#jobs.get(id)
    if (known !== undefined) return known
    let record: JobRecord | null = null
    for (const row of this.#rows(id)) {
      const event = parseJobRow(row)
      if (record === null) {
        if (event.kind !== 'submitted') throw new SubletError('internal', `${id} has no beginning.`)
        record = begin(id, event, row.at)
      } else record = transition(record, event, row.at)
    }
    if (record === null) {
      throw new SubletError('not-found', `There is no job ${id}. See: sublet jobs`)
    }
    this.#jobs.set(id, record)
    return record
  }

  /** Throws `not-found` for a rental that this home never made. */
  rental(id: RentalId): RentalRecord {
    const known = this.#rentals.get(id)
    if (known !== undefined) return known
    let record: RentalRecord | null = null
    for (const row of this.#rows(id)) {
      const event = parseRentalRow(row)
      if (record === null) {
        if (event.kind !== 'intended') throw new SubletError('internal', `${id} has no beginning.`)
        record = beginRental(id, event, row.at)
      } else record = rentalTransition(record, event, row.at)
    }
    if (record === null) {
      throw new SubletError('not-found', `This computer's Sublet has no rental ${id}.`)
    }
    this.#rentals.set(id, record)
    return record
  }

  /** Whether this home's journal knows the rental; only such are ever released unasked. */
  knowsRental(id: RentalId): boolean {
    return this.#rentals.has(id) || this.#rows(id).length > 0
  }

  /** All jobs, newest first. */
  jobs(): JobRecord[] {
    return this.#streams('job', 'ended IN (0, 1)').map((id) => this.job(id))
  }

  /** Jobs that have not ended, oldest first. */
  openJobs(): JobRecord[] {
    return this.#streams('job', 'ended = 0')
      .toReversed()
      .map((id) => this.job(id))
  }

  /** Rentals without receipt, oldest first. */
  openRentals(): RentalRecord[] {
    return this.#streams('rental', 'ended = 0')
      .toReversed()
      .map((id) => this.rental(id))
  }

  /** Called after each append; answers the function that ends it. */
  onChange(listener: JournalListener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #foldJob(id: string, batch: Map<string, JobRecord>, event: JobEvent, at: number): JobRecord {
    if (event.kind === 'submitted') return begin(id, event, at)
    return transition(batch.get(id) ?? this.job(id), event, at)
  }

  #foldRental(
    id: RentalId,
    batch: Map<RentalId, RentalRecord>,
    event: RentalEvent,
    at: number,
  ): RentalRecord {
    if (event.kind === 'intended') return beginRental(id, event, at)
    return rentalTransition(batch.get(id) ?? this.rental(id), event, at)
  }

  #insert(write: JournalWrite, at: number): void {
    const stream = 'job' in write ? write.job : write.rental
    const upcasters = 'job' in write ? jobUpcasters : rentalUpcasters
    const { kind, ...data } = write.event
    this.#db.run('INSERT INTO journal (stream, at, kind, version, data) VALUES (?, ?, ?, ?, ?)', [
      stream,
      at,
      kind,
      currentVersion(kind, upcasters),
      JSON.stringify(data),
    ])
  }

  #project(stream: string, kind: 'job' | 'rental', ended: boolean, sort: number): void {
    this.#db.run(
      `INSERT INTO summaries (stream, kind, ended, sort, data) VALUES (?, ?, ?, ?, '{}')
       ON CONFLICT (stream) DO UPDATE SET ended = excluded.ended`,
      [stream, kind, ended ? 1 : 0, sort],
    )
  }

  #rows(stream: string) {
    return this.#db.all(journalRowSchema, 'SELECT * FROM journal WHERE stream = ? ORDER BY seq', [
      stream,
    ])
  }

  #streams(kind: 'job' | 'rental', where: 'ended = 0' | 'ended IN (0, 1)'): string[] {
    return this.#db
      .all(
        streamRow,
        `SELECT stream FROM summaries WHERE kind = ? AND ${where} ORDER BY sort DESC, stream DESC`,
        [kind],
      )
      .map((row) => row.stream)
  }
}
