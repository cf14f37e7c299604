import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Budget } from '../../../preload/contract/budget.ts'
import type { Offer } from '../../../preload/contract/offer.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import { meterRental } from '../../../main/ledger/meter.ts'
import type { RoomWish } from '../../../main/jobs/room.ts'
import { isCarried, limitOf, noMoney } from '../../../main/jobs/room-words.ts'
import { micros, now, receipt } from '../../support/fake-facts.ts'
import { submitted } from '../../support/job-events.ts'
import { hourMs, moneyRig, verdict, type MoneyRig } from '../../support/money-rig.ts'
import { anOffer } from '../domain/an-offer.ts'
import { allocation, anAccount, jobA } from '../ledger/an-account.ts'

const hour = hourMs
const usd = 1_000_000
const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
/** $2.00 an hour; the day of the tests' present has nearly seven hours left in UTC. */
const offer = anOffer({ expectedBootMs: 0 })

let rig: MoneyRig
beforeEach(() => {
  rig = moneyRig()
})
afterEach(() => rig.close())

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

function running(endBy: number, on: Offer = offer): void {
  rig.run({ jobId, rentalId }, on, endBy)
}

const hoursFrom = (at: number): number => (at - now) / hour

describe('the room that budgets leave', () => {
  it('ends a machine when the day’s money does, and not at all by a budget that warns', () => {
    rig.budgets = [day(4, 'warn')]
    expect(rig.room.carries(wish())).toEqual({ endBy: now + 6 * hour, limit: null, others: [] })
    rig.budgets = [day(4)]
    const found = rig.room.carries(wish())
    expect(hoursFrom(found.endBy)).toBeGreaterThan(1.95)
    expect(hoursFrom(found.endBy)).toBeLessThan(2)
    expect(limitOf(found, 5 * usd, now)).toMatchObject({ missingMicros: usd })
    expect(limitOf(found, 5 * usd, now)?.sentence).toContain('$1.00 less than the job is expected')
    expect(limitOf(found, usd, now)?.sentence).toContain('carries this machine until')
  })

  it('shares with a job that runs, which keeps its expected time and is told first', () => {
    running(now + 6 * hour)
    rig.budgets = [day(12.2)]
    expect(rig.room.isKept(rentalId)).toBe(true)
    const found = rig.room.carries(wish())
    expect(hoursFrom(found.endBy)).toBeGreaterThan(2.8)
    expect(hoursFrom(found.endBy)).toBeLessThan(3.05)
    expect(found.others).toMatchObject([{ rentalId, endBy: found.endBy }])
    // A later end of a machine that is there takes nothing from the others.
    expect(rig.room.carries(wish({ rentalId: 'another' })).endBy).toBeLessThan(now + hour / 10)
  })

  it('counts a machine once that came back after its receipt: it is booked already', () => {
    running(now + hour)
    rig.journal.append(
      { rental: rentalId, event: { kind: 'release-intended', because: 'Its job has ended.' } },
      { rental: rentalId, event: { kind: 'released', receipt: { ...receipt, rentalId } } },
    )
    rig.closedMicros = 2 * usd
    rig.budgets = [day(6)]
    const before = { carried: rig.room.carries(wish()), states: rig.room.states() }
    const because = 'It is listed again.'
    rig.journal.append({
      rental: rentalId,
      event: { kind: 'reappeared', because, instanceId: 'i-1' },
    })
    expect({ carried: rig.room.carries(wish()), states: rig.room.states() }).toEqual(before)
  })

  it('lets a project pay for a machine that was kept warm from when it takes it over', () => {
    running(now + 6 * hour)
    const attemptId = 'a1'
    rig.journal.append(
      { rental: rentalId, event: { kind: 'freed', attemptId } },
      { rental: rentalId, event: { kind: 'kept-warm', until: now + 6 * hour } },
    )
    const scope = { kind: 'project' as const, project: 'vision' }
    rig.budgets = [{ ...day(4), id: 'day:project:vision', scope }]
    // It was rented two hours ago, for a job of another project.
    const took = { project: 'vision', rentalId, billedFrom: now - 2 * hour }
    const hoursMore = (): number => hoursFrom(rig.room.carries(wish(took)).endBy)
    expect(hoursMore()).toBeGreaterThan(1.9)
    expect(hoursMore()).toBeLessThan(2)
    // What an earlier job of the same project cost there counts, once.
    const earlier = meterRental(
      anAccount({
        offer,
        rentalId,
        launchedAt: now - hour,
        allocations: [{ ...allocation(jobA, now - hour, now), project: 'vision' }],
      }),
      now,
      reportingZone('UTC'),
    )
    rig.entries = () => earlier.entries
    expect(hoursMore()).toBeGreaterThan(0.9)
    expect(hoursMore()).toBeLessThan(1)
    // The budget over everything counts the machine from its beginning.
    rig.entries = () => []
    rig.budgets = [day(8)]
    expect(hoursMore()).toBeGreaterThan(1.9)
    expect(hoursMore()).toBeLessThan(2)
  })

  it('refuses a launch with the sum that is missing', () => {
    rig.closedMicros = 3.99 * usd
    rig.budgets = [day(4)]
    const needs = {
      limits: submitted.spec.limits,
      stagingMs: 0,
      collectMs: 60_000,
      downloadBytesGuess: 0,
    }
    const found = rig.room.carries(wish())
    expect(isCarried(found, offer, needs, now)).toBe(false)
    expect(noMoney(found, offer, needs).message).toMatch(
      /^The daily budget \(\$4\.00\) has \$0\.01 left, \$\d\.\d\d less than .* Raise it with/,
    )
  })
})

describe('the breaker', () => {
  it('ends machines sooner when a budget is lowered, but lets results come home', () => {
    running(now + 6 * hour)
    rig.budgets = [day(4)]
    expect(rig.room.isKept(rentalId)).toBe(false)
    rig.breaker.balance()
    const { endBy, endBecause } = rig.journal.rental(rentalId)
    expect(hoursFrom(endBy)).toBeLessThan(2)
    expect(endBecause).toBe('The daily budget ($4.00) lasts until then.')
    // What the machine was told before still counts until it is told anew.
    expect(rig.room.isKept(rentalId)).toBe(false)
    rig.journal.append({ rental: rentalId, event: { kind: 'leased', verdict, endBy } })
    expect(rig.room.isKept(rentalId)).toBe(true)
    rig.budgets = [day(0.01)]
    rig.breaker.balance()
    const { graceMs } = submitted.spec.limits
    expect(rig.journal.rental(rentalId).endBy).toBeGreaterThanOrEqual(now + graceMs + 60_000)
  })

  it('leaves the time that results take over the line as it was measured, but believes no machine more than its disk', () => {
    running(now + 6 * hour)
    rig.budgets = [day(0.01)]
    rig.measured = 1_000_000
    const { diskGiB } = rig.journal.rental(rentalId)
    const diskBytes = diskGiB * 2 ** 30
    rig.weigh(jobId, 0.9 * diskBytes, 0.9 * diskBytes)
    rig.breaker.balance()
    const { endBy } = rig.journal.rental(rentalId)
    expect(endBy - now).toBeGreaterThan((0.9 * diskBytes) / 1_000)
    rig.weigh(jobId, 1e15, 1e15)
    rig.breaker.balance()
    expect(rig.journal.rental(rentalId).endBy - now).toBeLessThan(diskBytes / 1_000 + 600_000)
  })

  it('keeps the money for traffic that is still to come, beside what was counted', () => {
    const egressMicrosPerGib = micros(usd)
    const dear = { ...offer, billing: { ...offer.billing, egressMicrosPerGib } }
    running(now + 6 * hour, dear)
    rig.budgets = [day(8)]
    rig.journal.append({ rental: rentalId, event: { kind: 'egress-measured', bytes: 2 * 2 ** 30 } })
    rig.weigh(jobId, 4 * 2 ** 30, 2 * 2 ** 30)
    rig.breaker.balance()
    // $4 of $8 are for traffic: half of it was counted, half is on the machine.
    expect(hoursFrom(rig.journal.rental(rentalId).endBy)).toBeGreaterThan(1.9)
    expect(hoursFrom(rig.journal.rental(rentalId).endBy)).toBeLessThan(2)
  })

  it('gives money that comes free to who runs, up to what was confirmed, until that is refused', () => {
    running(now + hour)
    rig.budgets = [day(4)]
    rig.breaker.balance()
    expect(hoursFrom(rig.journal.rental(rentalId).endBy)).toBeGreaterThan(1.9)
    rig.budgets = []
    rig.breaker.balance()
    expect(rig.journal.rental(rentalId)).toMatchObject({ endBy: now + 6 * hour, endBecause: null })
    const back = { kind: 'lease-moved' as const, endBy: now + 2 * hour, final: true as const }
    rig.journal.append({ rental: rentalId, event: back })
    rig.journal.append({
      rental: rentalId,
      event: { kind: 'leased', verdict, endBy: now + 2 * hour },
    })
    rig.breaker.balance()
    expect(rig.journal.rental(rentalId).endBy).toBe(now + 2 * hour)
  })
})
