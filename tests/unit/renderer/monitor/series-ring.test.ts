import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { niceTop } from '../../../../renderer/ui/live-chart/nice-top.ts'
import { createScrubStore } from '../../../../renderer/ui/live-chart/scrub-store.ts'
import { SeriesRing } from '../../../../renderer/ui/live-chart/series-ring.ts'

const times = (ring: SeriesRing): number[] =>
  Array.from({ length: ring.length }, (_, row) => ring.timeAt(row))

test('a ring holds the newest rows, in order, with what was pushed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 100 })), {
        maxLength: 80,
      }),
      fc.integer({ min: 2, max: 20 }),
      (steps, capacity) => {
        const ring = new SeriesRing(capacity)
        ring.reset(1, 1_000)
        let at = 1_000_000
        const pushed = steps.map(([seconds, value]) => {
          at += seconds * 1_000
          ring.push(at, [value])
          return { at, value }
        })
        const kept = pushed.slice(-capacity)
        expect(times(ring)).toEqual(kept.map((one) => one.at))
        expect(kept.map((_, row) => ring.mean(0, row))).toEqual(kept.map((one) => one.value))
        expect(ring.nearest(at + 5)).toBe(kept.length - 1)
      },
    ),
  )
})

test('samples of one bucket become one row that keeps the lowest and the highest', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 60 }),
      (values) => {
        const ring = new SeriesRing(10)
        ring.reset(1, 60_000)
        values.forEach((value, second) => ring.push(120_000 + second * 1_000, [value]))
        expect(ring.length).toBe(1)
        expect(ring.min(0, 0)).toBe(Math.min(...values))
        expect(ring.max(0, 0)).toBe(Math.max(...values))
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        expect(ring.mean(0, 0)).toBeCloseTo(mean, 2)
      },
    ),
  )
})

test('a gap is a row of nothing, and a history goes on with live samples', () => {
  const ring = new SeriesRing(10)
  const column = { mean: [1, null, 3], min: [0, null, 2], max: [2, null, 4] }
  ring.load([10_000, 40_000, 70_000], [column], 1_000, 70_000)
  expect([ring.length, ring.mean(0, 1), ring.max(0, 2)]).toEqual([3, Number.NaN, 4])
  ring.push(71_000, [5])
  ring.push(99_000, [6])
  expect(times(ring)).toEqual([10_000, 40_000, 70_000, 71_000, 85_000, 99_000])
  expect(ring.mean(0, 4)).toBeNaN()
  ring.dropBefore(71_000)
  expect(times(ring)).toEqual([71_000, 85_000, 99_000])
  expect([ring.nearest(0), ring.nearest(80_000), ring.nearest(1e9)]).toEqual([0, 1, 2])
  expect(new SeriesRing(3).nearest(5)).toBe(-1)
})

test('the top of a scale is round, and close above', () => {
  expect([0, 0.7, 1, 3, 260, 1_001].map(niceTop)).toEqual([1, 1, 1, 5, 500, 2_000])
})

test('a cross-hair is let go only by who holds it', () => {
  const scrub = createScrubStore()
  scrub.point(5, 'chart')
  scrub.point(6, 'log')
  scrub.leave('chart')
  expect(scrub.getState()).toEqual({ at: 6, source: 'log' })
  scrub.leave('log')
  expect(scrub.getState().at).toBe(null)
})
