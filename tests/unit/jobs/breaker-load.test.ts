import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Budget } from '../../../preload/contract/budget.ts'
import { budgetsChanged } from '../../../main/jobs/breaker.ts'
import { eventually } from '../../support/eventually.ts'
import { micros, now } from '../../support/fake-facts.ts'
import { moneyRig, type MoneyRig, type Running } from '../../support/money-rig.ts'
import { anOffer } from '../domain/an-offer.ts'

const machines: readonly Running[] = Array.from({ length: 200 }, (_, index) => {
  const tail = String(index).padStart(26, '0')
  return { jobId: `job-${tail}`, rentalId: `sublet-${tail}` }
})
const offer = anOffer({ expectedBootMs: 0 })

let rig: MoneyRig
let leaving: AbortController
beforeEach(() => {
  leaving = new AbortController()
  const beganAt = performance.now()
  rig = moneyRig({
    now: () => Math.round(now + performance.now() - beganAt),
    sleep: async (ms, signal) => await delay(ms, undefined, signal === undefined ? {} : { signal }),
    realMs: (ms) => ms,
  })
})
afterEach(() => {
  leaving.abort()
  rig.close()
})

function day(dollars: number): Budget {
  const scope = { kind: 'all' as const }
  const amount = micros(dollars * 1_000_000)
  return { id: 'day:all', scope, period: 'day', action: 'stop', micros: amount }
}

const ends = (): number[] => machines.map(({ rentalId }) => rig.journal.rental(rentalId).endBy)

describe('the breaker over 200 machines', () => {
  it('makes few rounds of many events, and none of them waits for the last', async () => {
    for (const one of machines) rig.run(one, offer, rig.clock.now() + 6 * 3_600_000)
    rig.budgets = [day(100_000)]
    const rounds = vi.spyOn(rig.breaker, 'balance')
    rig.breaker.start(leaving.signal)
    const before = Math.min(...ends())
    const beganAt = performance.now()
    const tookMs = (): number => performance.now() - beganAt
    const isLowered = (): boolean => Math.max(...ends()) < before
    // A budget is lowered while events go on without a pause.
    while (tookMs() < 400 || (!isLowered() && tookMs() < 8_000)) {
      if (tookMs() > 200) rig.budgets = [day(200)]
      const { rentalId } = machines[0] ?? { rentalId: '' }
      rig.journal.append({ rental: rentalId, event: { kind: 'egress-measured', bytes: 1 } })
      await nextTurn()
    }
    expect(isLowered()).toBe(true)
    expect(rounds.mock.calls.length).toBeLessThan(tookMs() / 50 + 3)
    // What comes in the rest after a round is not forgotten until the next look.
    rig.budgets = [day(100)]
    const last = Math.max(...ends())
    rig.wake.notify(budgetsChanged)
    await eventually(() => Math.max(...ends()) < last, { timeoutMs: 4_000 })
  })
})
