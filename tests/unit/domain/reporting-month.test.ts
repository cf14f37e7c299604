import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reportingZone } from '../../../main/domain/reporting-day.ts'
import {
  dayStart,
  monthOf,
  nextMonth,
  previousMonth,
  reportingMonth,
} from '../../../main/domain/reporting-month.ts'
import { isoWithOffset, isoWriter, zoneOffset } from '../../../main/domain/zone-offset.ts'

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'America/Havana',
  'Pacific/Chatham',
]

describe('a month of a zone', () => {
  it('joins the next without gap, in days that join each other', () => {
    const month = fc
      .record({
        year: fc.integer({ min: 2020, max: 2030 }),
        month: fc.integer({ min: 1, max: 12 }),
      })
      .map((one) => `${one.year}-${String(one.month).padStart(2, '0')}`)
    fc.assert(
      fc.property(fc.constantFrom(...zones), month, (name, asked) => {
        const zone = reportingZone(name)
        const found = reportingMonth(zone, asked)
        expect(found.to).toBe(reportingMonth(zone, nextMonth(asked)).from)
        expect(previousMonth(nextMonth(asked))).toBe(asked)
        expect(found.days[0]?.from).toBe(found.from)
        expect(found.days.at(-1)?.to).toBe(found.to)
        for (const [index, day] of found.days.entries()) {
          expect(day.day).toBe(`${asked}-${String(index + 1).padStart(2, '0')}`)
          expect(day.from).toBe(found.days[index - 1]?.to ?? found.from)
          expect(dayStart(zone, day.to - 1)).toBe(day.from)
          expect(monthOf(zone, day.from)).toBe(asked)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is refused in words when it is none', () => {
    expect(() => reportingMonth(reportingZone('UTC'), '2026-13')).toThrow(
      '"2026-13" is not a month: write it as 2026-03.',
    )
  })
})

describe('a time with its offset', () => {
  it('reads back as the same time, in every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(2020), max: Date.UTC(2031) }),
        (name, at) => {
          const text = isoWithOffset(at, zoneOffset(name)(at))
          expect(Date.parse(text)).toBe(at)
          expect(text.slice(0, 10)).toBe(reportingZone(name).dayOf(at))
          const write = isoWriter(name)
          expect([at, at + 899_999, at].map(write)).toEqual(
            [at, at + 899_999, at].map((one) => isoWithOffset(one, zoneOffset(name)(one))),
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})
