import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slices } from '../../../main/domain/billing-slices.ts'
import { reportingZone } from '../../../main/domain/reporting-day.ts'

const hour = 3_600_000
const berlin = reportingZone('Europe/Berlin')
const at = (text: string): number => Date.parse(text)

describe('reporting day', () => {
  it('has 23 and 25 hours when the clocks change', () => {
    const spring = at('2026-03-28T23:00:00Z')
    expect(berlin.dayOf(spring)).toBe('2026-03-29')
    expect(berlin.nextDayAfter(spring) - spring).toBe(23 * hour)
    const autumn = at('2026-10-24T22:00:00Z')
    expect(berlin.nextDayAfter(autumn) - autumn).toBe(25 * hour)
  })

  it('survives zones that change at midnight or skip a day', () => {
    const saoPaulo = reportingZone('America/Sao_Paulo')
    const start = at('2018-11-03T12:00:00Z')
    expect(saoPaulo.dayOf(saoPaulo.nextDayAfter(start))).toBe('2018-11-04')
    const apia = reportingZone('Pacific/Apia')
    expect(apia.dayOf(apia.nextDayAfter(at('2011-12-29T20:00:00Z')))).toBe('2011-12-31')
  })

  it('refuses an unknown zone in words', () => {
    expect(() => reportingZone('Mars/Base')).toThrow('not a time zone')
  })
})

describe('slices', () => {
  it('gives the boot to the first job, gaps and the tail to nobody', () => {
    const day = at('2026-06-01T08:00:00Z')
    const cut = slices(
      day,
      day + 3 * hour,
      [
        { jobId: 'a', from: day + 60_000, to: day + hour },
        { jobId: 'b', from: day + 2 * hour, to: day + 2.5 * hour },
      ],
      berlin,
    )
    expect(cut.map((one) => [(one.from - day) / hour, (one.to - day) / hour, one.jobIds])).toEqual([
      [0, 1, ['a']],
      [1, 2, []],
      [2, 2.5, ['b']],
      [2.5, 3, []],
    ])
  })

  it('cuts at local midnight', () => {
    const evening = at('2026-06-01T21:00:00Z')
    const cut = slices(
      evening,
      evening + 2 * hour,
      [{ jobId: 'a', from: evening, to: evening + 1.5 * hour }],
      berlin,
    )
    expect(cut.map((one) => [one.day, one.jobIds])).toEqual([
      ['2026-06-01', ['a']],
      ['2026-06-02', ['a']],
      ['2026-06-02', []],
    ])
  })

  it('covers the interval without gap or overlap, whatever the users', () => {
    const time = fc.integer({ min: 0, max: 100 * hour })
    const use = fc.record({
      jobId: fc.constantFrom('a', 'b', 'c'),
      from: time,
      to: fc.option(time, { nil: null }),
    })
    fc.assert(
      fc.property(time, time, fc.array(use, { maxLength: 5 }), (from, length, uses) => {
        const cut = slices(from, from + length, uses, berlin)
        expect(cut[0]?.from).toBe(from)
        expect(cut.at(-1)?.to).toBe(from + length)
        for (const [index, one] of cut.entries()) {
          expect(one.to).toBeGreaterThanOrEqual(one.from)
          if (index > 0) expect(one.from).toBe(cut[index - 1]?.to)
          if (one.to > one.from) expect(berlin.dayOf(one.to - 1)).toBe(one.day)
        }
      }),
      { numRuns: 60 },
    )
  })
})
