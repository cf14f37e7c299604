import { describe, expect, it } from 'vitest'
import type { RentalEvent } from '../../../../main/domain/rental/events.ts'
import { beginRental } from '../../../../main/domain/rental/begin.ts'
import { isWarm, rentalTransition } from '../../../../main/domain/rental/record.ts'
import { receiptsOf } from '../../../../main/domain/rental/receipts.ts'
import { releaseState } from '../../../../main/domain/rental/release-state.ts'
import { now, receipt } from '../../../support/fake-facts.ts'
import { intended } from '../../../support/rental-events.ts'

const begun = beginRental('sublet-01k9zzzzzzzzzzzzzzzzzzzzzz', intended(), now)
const fold = (...events: RentalEvent[]) =>
  events.reduce((rental, event, index) => rentalTransition(rental, event, now + index + 1), begun)
const error = { code: 'no-capacity' as const, message: 'None is free.' }
const launched: RentalEvent = {
  kind: 'launched',
  instanceId: 'i-1',
  billedFrom: null,
  gpuIndices: null,
}

describe('a launch that did not answer', () => {
  it('leaves no doubt only when the one and only call was refused', () => {
    const refused: RentalEvent = { kind: 'launch-refused', error }
    const issued: RentalEvent = { kind: 'launch-issued' }
    expect(fold(issued, refused).neverLaunched).toBe(true)
    expect(fold(issued, refused, issued).neverLaunched).toBe(false)
    expect(fold(issued, { kind: 'launch-unanswered' }, issued, refused).neverLaunched).toBe(false)
  })

  it('moves the window in which its effect may still appear', () => {
    const rental = fold({ kind: 'launch-issued' }, { kind: 'launch-unanswered' })
    expect(rental.launchIssuedAt).toBe(now + 1)
    expect(rental.lastLaunchIssuedAt).toBe(now + 2)
  })
})

describe('a call of launch whose outcome is not in the journal', () => {
  it('stays open until an outcome of a later one is', () => {
    const issued: RentalEvent = { kind: 'launch-issued' }
    expect(fold().launchOpen).toBe(false)
    expect(fold(issued).launchOpen).toBe(true)
    expect(fold(issued, { kind: 'release-intended', because: 'Stop.' }).launchOpen).toBe(true)
    for (const outcome of [
      launched,
      { kind: 'launch-refused', error },
      { kind: 'launch-unanswered' },
    ] as const) {
      expect(fold(issued, issued, outcome).launchOpen).toBe(false)
    }
  })
})

describe('a machine that is listed again after its receipt', () => {
  const again: RentalEvent = { kind: 'reappeared', because: 'It is listed.', instanceId: 'i-1' }
  const released: RentalEvent = { kind: 'released', receipt }

  it('is released anew, and keeps the receipt that was not true', () => {
    const gone = fold({ kind: 'launch-issued' }, launched, released)
    const back = rentalTransition(gone, again, now + 60_000)
    expect(back).toMatchObject({ phase: 'releasing', receipt: null, earlierReceipts: [receipt] })
    const state = releaseState(back, now + 61_000)
    expect(state).toEqual({ since: now + 60_000, sentence: 'It is listed.', red: true })
    const second = { ...receipt, confirmedAt: receipt.confirmedAt + 60_000 }
    const last = rentalTransition(back, { ...released, receipt: second }, now + 70_000)
    expect(receiptsOf(last)).toEqual([receipt, second])
    expect(releaseState(last, now)).toBeNull()
  })

  it('knows when the machine itself went, where only its disk came back', () => {
    const released: RentalEvent = { kind: 'released', receipt }
    const back = (instanceId: string | null): RentalEvent => ({
      kind: 'reappeared',
      because: 'It is listed again.',
      instanceId,
    })
    const ended: RentalEvent[] = [
      launched,
      { kind: 'release-intended', because: 'Over.' },
      released,
    ]
    const wentAt = receipt.billedTo ?? receipt.confirmedAt
    expect(fold(...ended, back(null)).machineGoneAt).toBe(wentAt)
    const later = { ...receipt, confirmedAt: receipt.confirmedAt + 1e6, billedTo: null }
    const twice = fold(...ended, back(null), { kind: 'released', receipt: later }, back(null))
    expect(twice.machineGoneAt).toBe(wentAt)
    expect(fold(...ended, back('i-1')).machineGoneAt).toBeNull()
  })

  it('cannot come back before it was gone', () => {
    expect(() => fold({ kind: 'launch-issued' }, launched, again)).toThrow('cannot happen')
  })
})

describe('a warm rental', () => {
  const allocated: RentalEvent = {
    kind: 'allocated',
    attemptId: 'a1',
    jobId: 'j1',
    jobName: 'train',
    project: null,
  }
  const until = now + 600_000

  it('is warm until its time, and only while it serves nobody', () => {
    const warm = fold(
      { kind: 'launch-issued' },
      launched,
      allocated,
      { kind: 'freed', attemptId: 'a1' },
      { kind: 'kept-warm', until },
    )
    expect(isWarm(warm, now + 10)).toBe(true)
    expect(isWarm(warm, until)).toBe(false)
    const taken = rentalTransition(warm, { ...allocated, attemptId: 'a2' }, now + 20)
    expect(isWarm(taken, now + 30)).toBe(false)
    expect(taken.allocations).toHaveLength(2)
  })
})

it('is closed by its receipt and by nothing else', () => {
  const releasing = fold(
    { kind: 'launch-issued' },
    launched,
    { kind: 'release-intended', because: 'The job has ended.' },
    { kind: 'release-pending', sentence: 'Going' },
  )
  expect(releasing.phase).toBe('releasing')
  const receipt = {
    rentalId: begun.id,
    providerId: 'sandbox',
    accountId: 'sandbox',
    instanceId: 'i-1',
    confirmedAt: now,
    billedFrom: null,
    billedTo: null,
    billedMicros: null,
    evidence: [{ asked: 'GET', answered: 'gone', at: now }],
  }
  const released = rentalTransition(releasing, { kind: 'released', receipt }, now)
  expect(released.phase).toBe('released')
  expect(() => rentalTransition(released, { kind: 'launch-issued' }, now)).toThrow('cannot happen')
})
