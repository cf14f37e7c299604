import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { followZone, reportingZone } from '../../../main/domain/reporting-day.ts'

const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu']
const at = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2028, 0, 1) })

describe('a reporting zone', () => {
  it('answers many questions, in whatever order, as one that is opened for each', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.array(at, { minLength: 1, maxLength: 6 }),
        (name, ats) => {
          const kept = reportingZone(name)
          const near = ats.flatMap((time) => [time, time + 60_000, time - 60_000])
          for (const time of near) {
            const next = kept.nextDayAfter(time)
            expect(next).toBe(reportingZone(name).nextDayAfter(time))
            expect(kept.dayOf(next - 1)).toBe(kept.dayOf(time))
            expect(kept.dayOf(next)).not.toBe(kept.dayOf(time))
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('that is followed changes with its name, and stays the same one until then', () => {
    let name = 'UTC'
    const zone = followZone(() => name)
    const first = zone()
    expect(zone()).toBe(first)
    name = 'Asia/Kathmandu'
    expect(zone().name).toBe('Asia/Kathmandu')
  })
})
