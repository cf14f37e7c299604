import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Budget } from '../../../preload/contract/budget.ts'
import type { JobEvent } from '../../../main/domain/job/events.ts'
import type { RentalEvent } from '../../../main/domain/rental/events.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import { Breaker } from '../../../main/jobs/breaker.ts'
import { BudgetRoom, type RoomWish } from '../../../main/jobs/budget-room.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { isCarried, limitOf, noMoney } from '../../../main/jobs/room-words.ts'
import { Wake } from '../../../main/jobs/wake.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { micros, now, receipt } from '../../support/fake-facts.ts'
import { attemptStarted, submitted } from '../../support/job-events.ts'
import { intended } from '../../support/rental-events.ts'
import { steppingClock } from '../../support/stepping-clock.ts'
import { anOffer } from '../domain/an-offer.ts'

const hour = 3_600_000
const usd = 1_000_000
const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
/** $2.00 an hour; the day of the tests' present has nearly seven hours left in UTC. */
const offer = anOffer({ expectedBootMs: 0 })
const verdict = { stopsByItself: true, endsAt: null, levels: [] }

let database: Database
let journal: Journal
let room: BudgetRoom
let breaker: Breaker
let budgets: Budget[]
let closedMicros: number

beforeEach(() => {
  database = openDatabase(':memory:')
  const clock = steppingClock(now)
  journal = new Journal(database, clock)
  budgets = []
  closedMicros = 0
  room = new BudgetRoom({
    clock,
    journal,
    budgets: () => [...budgets],
    closedMicros: () => closedMicros,
    entries: () => [],
    zone: () => reportingZone('UTC'),
  })
  const books = { settle: () => undefined, costMicros: () => 0 }
  const wake = new Wake(clock)
  breaker = new Breaker({ clock, journal, wake, books, room, log: silentLogger })
})
afterEach(() => database.close())

function day(dollars: number, action: Budget['action'] = 'stop'): Budget {
  const scope = { kind: 'all' as const }
  return { id: 'day:all', scope, period: 'day', action, micros: micros(dollars * usd) }
}

function wish(changes: Partial<RoomWish> = {}): RoomWish {
  const most = now + 6 * hour
  return {
    offer,
    diskGiB: 1,
    project: null,
    billedFrom: now,
    egressBytes: 0,
    most,
    rentalId: null,
    ...changes,
  }
}

/** A job that runs on a machine that was told to end then; it may run for six hours. */
function running(endBy: number): void {
  const ceiling = { ...submitted.ceiling, endBy: now + 6 * hour }
  const attemptId = 'a1'
  const ofJob = (event: JobEvent): void => journal.append({ job: jobId, event })
  const ofRental = (event: RentalEvent): void => journal.append({ rental: rentalId, event })
  ofJob({ ...submitted, ceiling })
  ofJob({ kind: 'inputs-frozen', bytes: 1, files: 1, warnings: [] })
  journal.append(
    { rental: rentalId, event: { ...intended(endBy), offer } },
    {
      rental: rentalId,
      event: { kind: 'allocated', attemptId, jobId, jobName: 'train', project: null },
    },
    { job: jobId, event: attemptStarted(attemptId) },
  )
  const machine = { instanceId: 'i-1', billedFrom: now, gpuIndices: null }
  for (const event of [
    { kind: 'launch-issued' as const },
    { kind: 'launched' as const, ...machine },
    { kind: 'leased' as const, verdict, endBy },
  ]) {
    ofRental(event)
  }
  const connected = { verdict, hostKeyFingerprint: 'x', gpuIndices: null, warnings: [] }
  for (const event of [
    { kind: 'launched' as const, attemptId, instanceId: 'i-1' },
    { kind: 'booted' as const, attemptId },
    { kind: 'connected' as const, attemptId, ...connected },
    { kind: 'staged' as const, attemptId, bytesSent: 1, bytesSkipped: 0, completeAtS: 1 },
    { kind: 'started' as const, attemptId },
  ]) {
    ofJob(event)
  }
}

const hoursFrom = (at: number): number => (at - now) / hour

describe('the room that budgets leave', () => {
  it('ends a machine when the day’s money does, and not at all by a budget that warns', () => {
    budgets = [day(4, 'warn')]
    expect(room.carries(wish())).toEqual({ endBy: now + 6 * hour, limit: null, others: [] })
    budgets = [day(4)]
    const found = room.carries(wish())
    expect(hoursFrom(found.endBy)).toBeGreaterThan(1.95)
    expect(hoursFrom(found.endBy)).toBeLessThan(2)
    expect(limitOf(found, 5 * usd, now)).toMatchObject({ missingMicros: usd })
    expect(limitOf(found, 5 * usd, now)?.sentence).toContain('$1.00 less than the job is expected')
    expect(limitOf(found, usd, now)?.sentence).toContain('carries this machine until')
  })

  it('shares with a job that runs, which keeps its expected time and is told first', () => {
    running(now + 6 * hour)
    budgets = [day(12.2)]
    expect(room.isKept(rentalId)).toBe(true)
    const found = room.carries(wish())
    expect(hoursFrom(found.endBy)).toBeGreaterThan(2.8)
    expect(hoursFrom(found.endBy)).toBeLessThan(3.05)
    expect(found.others).toMatchObject([{ rentalId, endBy: found.endBy }])
    // A later end of a machine that is there takes nothing from the others.
    expect(room.carries(wish({ rentalId: 'another' })).endBy).toBeLessThan(now + hour / 10)
  })

  it('counts a machine once that came back after its receipt: it is booked already', () => {
    running(now + hour)
    journal.append(
      { rental: rentalId, event: { kind: 'release-intended', because: 'Its job has ended.' } },
      { rental: rentalId, event: { kind: 'released', receipt: { ...receipt, rentalId } } },
    )
    closedMicros = 2 * usd
    budgets = [day(6)]
    const before = { carried: room.carries(wish()), states: room.states() }
    const because = 'It is listed again.'
    journal.append({ rental: rentalId, event: { kind: 'reappeared', because, instanceId: 'i-1' } })
    expect({ carried: room.carries(wish()), states: room.states() }).toEqual(before)
  })

  it('refuses a launch with the sum that is missing', () => {
    closedMicros = 3.99 * usd
    budgets = [day(4)]
    const needs = {
      limits: submitted.spec.limits,
      stagingMs: 0,
      collectMs: 60_000,
      downloadBytesGuess: 0,
    }
    const found = room.carries(wish())
    expect(isCarried(found, offer, needs, now)).toBe(false)
    expect(noMoney(found, offer, needs).message).toMatch(
      /^The daily budget \(\$4\.00\) has \$0\.01 left, \$\d\.\d\d less than .* Raise it with/,
    )
  })
})

describe('the breaker', () => {
  it('ends machines sooner when a budget is lowered, but lets results come home', () => {
    running(now + 6 * hour)
    budgets = [day(4)]
    expect(room.isKept(rentalId)).toBe(false)
    breaker.balance()
    const { endBy, endBecause } = journal.rental(rentalId)
    expect(hoursFrom(endBy)).toBeLessThan(2)
    expect(endBecause).toBe('The daily budget ($4.00) lasts until then.')
    // What the machine was told before still counts until it is told anew.
    expect(room.isKept(rentalId)).toBe(false)
    journal.append({ rental: rentalId, event: { kind: 'leased', verdict, endBy } })
    expect(room.isKept(rentalId)).toBe(true)
    budgets = [day(0.01)]
    breaker.balance()
    const { graceMs } = submitted.spec.limits
    expect(journal.rental(rentalId).endBy).toBeGreaterThanOrEqual(now + graceMs + 60_000)
  })

  it('gives money that comes free to who runs, up to what was confirmed, until that is refused', () => {
    running(now + hour)
    budgets = [day(4)]
    breaker.balance()
    expect(hoursFrom(journal.rental(rentalId).endBy)).toBeGreaterThan(1.9)
    budgets = []
    breaker.balance()
    expect(journal.rental(rentalId)).toMatchObject({ endBy: now + 6 * hour, endBecause: null })
    const back = { kind: 'lease-moved' as const, endBy: now + 2 * hour, final: true as const }
    journal.append({ rental: rentalId, event: back })
    journal.append({ rental: rentalId, event: { kind: 'leased', verdict, endBy: now + 2 * hour } })
    breaker.balance()
    expect(journal.rental(rentalId).endBy).toBe(now + 2 * hour)
  })
})
