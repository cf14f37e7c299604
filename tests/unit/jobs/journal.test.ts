import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../main/domain/clock.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { parseJobRow } from '../../../main/jobs/journal/rows.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { now } from '../../support/fake-facts.ts'
import { happyPath, submitted } from '../../support/job-events.ts'
import { intended } from '../../support/rental-events.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
let folder: string
let database: Database
let at = now
const clock: Clock = { now: () => (at += 1), sleep: async () => undefined, realMs: (ms) => ms }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-journal-'))
  database = openDatabase(join(folder, 'sublet.db'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the journal', () => {
  it('answers the same records after a restart', () => {
    const journal = new Journal(database, clock)
    journal.append({ job: jobId, event: submitted }, { rental: rentalId, event: intended() })
    for (const event of happyPath().slice(0, 6)) journal.append({ job: jobId, event })
    const again = new Journal(database, clock)
    expect(again.job(jobId)).toEqual(journal.job(jobId))
    expect(again.rental(rentalId)).toEqual(journal.rental(rentalId))
    expect(again.openJobs().map((job) => job.id)).toEqual([jobId])
    expect(again.openRentals().map((rental) => rental.id)).toEqual([rentalId])
  })

  it('writes all events of one call or none', () => {
    const journal = new Journal(database, clock)
    journal.append({ job: jobId, event: submitted })
    const before = journal.job(jobId)
    expect(() =>
      journal.append(
        { job: jobId, event: { kind: 'inputs-frozen', bytes: 1, files: 1, warnings: [] } },
        { job: jobId, event: { kind: 'booted', attemptId: 'a1' } },
      ),
    ).toThrow('cannot happen')
    expect(journal.job(jobId)).toBe(before)
    expect(new Journal(database, clock).job(jobId)).toEqual(before)
  })

  it('no longer counts ended jobs and released rentals as open', () => {
    const journal = new Journal(database, clock)
    journal.append({ job: jobId, event: submitted }, { rental: rentalId, event: intended() })
    journal.append({ job: jobId, event: { kind: 'ended', outcome: 'cancelled' } })
    journal.append({
      rental: rentalId,
      event: {
        kind: 'released',
        receipt: {
          rentalId,
          providerId: 'sandbox',
          accountId: 'sandbox',
          instanceId: null,
          confirmedAt: now,
          billedFrom: null,
          billedTo: null,
          billedMicros: null,
          evidence: [{ asked: 'GET', answered: 'gone', at: now }],
        },
      },
    })
    expect(journal.openJobs()).toEqual([])
    expect(journal.openRentals()).toEqual([])
    expect(journal.jobs().map((job) => job.state)).toEqual(['cancelled'])
    expect(() => journal.append({ rental: rentalId, event: { kind: 'launch-issued' } })).toThrow(
      'cannot happen',
    )
  })

  it('tells listeners which streams have changed', () => {
    const journal = new Journal(database, clock)
    const seen: string[] = []
    const stop = journal.onChange(({ jobs, rentals }) => seen.push(...jobs, ...rentals))
    journal.append({ job: jobId, event: submitted }, { rental: rentalId, event: intended() })
    stop()
    journal.append({ job: jobId, event: { kind: 'warned', sentence: 'x' } })
    expect(seen).toEqual([jobId, rentalId])
  })

  it('knows nothing of strangers', () => {
    const journal = new Journal(database, clock)
    expect(journal.knowsRental(rentalId)).toBe(false)
    expect(() => journal.job(jobId)).toThrow('There is no job')
  })
})

describe('rows of other versions', () => {
  const row = { seq: 1, stream: jobId, at: now, kind: 'warned', version: 1, data: '{"text":"old"}' }

  it('are brought up to date step by step', () => {
    const upcasters = {
      warned: [(data: Readonly<Record<string, unknown>>) => ({ sentence: data['text'] })],
    }
    expect(parseJobRow(row, upcasters)).toEqual({ kind: 'warned', sentence: 'old' })
    const today = { ...row, version: 2, data: '{"sentence":"new"}' }
    expect(parseJobRow(today, upcasters)).toEqual({ kind: 'warned', sentence: 'new' })
  })

  it('are refused when they come from a newer program', () => {
    expect(() => parseJobRow({ ...row, version: 2 }, {})).toThrow('newer Sublet')
  })
})
