import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { Journal, type JournalWrite } from '../../../main/jobs/journal/journal.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { steppingClock } from '../../support/stepping-clock.ts'
import { attemptStarted, eventsOf, submitted } from '../../support/job-events.ts'
import { now } from '../../support/fake-facts.ts'
import { intended, rentalEventsOf } from '../../support/rental-events.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'

/** One event of every kind for the job's attempts and its rental. */
const pool: readonly JournalWrite[] = [
  ...['a1', 'a2'].flatMap((attempt): JournalWrite[] => [
    { job: jobId, event: attemptStarted(attempt) },
    ...eventsOf(attempt).map((event) => ({ job: jobId, event })),
  ]),
  ...rentalEventsOf(rentalId, 'a1').map((event) => ({ rental: rentalId, event }) as const),
]
const orders = fc.array(fc.record({ pick: fc.nat(), restart: fc.boolean() }), { maxLength: 80 })

describe('the journal', () => {
  it('folds to the same records whenever an engine begins anew in the middle', () => {
    fc.assert(
      fc.property(orders, (order) => {
        const database = openDatabase(':memory:')
        try {
          const clock = steppingClock(now)
          const whole = new Journal(database, clock)
          whole.append({ job: jobId, event: submitted }, { rental: rentalId, event: intended() })
          let journal = new Journal(database, clock)
          for (const { pick, restart } of order) {
            if (restart) journal = new Journal(database, clock)
            const write = pool[pick % pool.length]
            if (write !== undefined) appendIfPossible(journal, write)
          }
          const anew = new Journal(database, clock)
          expect(anew.job(jobId)).toEqual(journal.job(jobId))
          expect(anew.rental(rentalId)).toEqual(journal.rental(rentalId))
          const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id)
          expect(ids(anew.openJobs())).toEqual(ids(journal.openJobs()))
          expect(ids(anew.openRentals())).toEqual(ids(journal.openRentals()))
          expect(anew.openJobs().length).toBe(anew.job(jobId).endedAt === null ? 1 : 0)
          expect(anew.openRentals().length).toBe(anew.rental(rentalId).receipt === null ? 1 : 0)
        } finally {
          database.close()
        }
      }),
      { numRuns: 60 },
    )
  })
})

function appendIfPossible(journal: Journal, write: JournalWrite): void {
  try {
    journal.append(write)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SubletError)
  }
}
