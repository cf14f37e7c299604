import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogExtent, LogLine } from '../../../../preload/contract/services/logs.ts'
import { blockLines, LogBlocks } from '../../../../renderer/features/monitor/log-blocks.ts'
import {
  lastTop,
  scrollAt,
  spacerPx,
  topAt,
} from '../../../../renderer/features/monitor/log-scroll.ts'
import { readGoal } from '../../../../renderer/features/monitor/read-goal.ts'
import { rowParts } from '../../../../renderer/features/monitor/row-parts.ts'

test('every line can be reached by the scroll bar, however long the log is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500_000_000 }),
      fc.integer({ min: 100, max: 2_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lines, viewportPx, share) => {
        const room = { lines, viewportPx, wrapped: false }
        expect(spacerPx(room)).toBeLessThan(16_000_000)
        const top = share * lastTop(room)
        expect(topAt(room, scrollAt(room, top))).toBeCloseTo(top, 3)
        expect(topAt(room, spacerPx(room))).toBe(lastTop(room))
        expect(topAt(room, 0)).toBe(0)
      },
    ),
  )
})

const line = (number: number, text: string, at: number | null = 1): LogLine => ({
  line: number,
  offset: number * 10,
  text,
  spans: [],
  continued: false,
  at,
})
const block = (index: number, text: string, count = blockLines): LogLine[] =>
  Array.from({ length: count }, (_, i) => line(index * blockLines + i, text))
const extent = (lines: number, timedBytes = lines * 10): LogExtent => ({
  lines,
  sizeBytes: lines * 10,
  timedBytes,
  ended: false,
})

test('blocks are forgotten by age, so that a walk through a long log stays small', () => {
  const blocks = new LogBlocks()
  for (let index = 0; index < 400; index += 1)
    blocks.put(index, block(index, 'x'.repeat(200)), whole(1e9))
  expect(blocks.characters).toBeLessThan(3_100_000)
  expect(blocks.line(399 * blockLines)?.line).toBe(399 * blockLines)
  expect(blocks.line(0)).toBeUndefined()
  expect(blocks.lacks(0, extent(1e6))).toBe(true)
  expect(blocks.lacks(399, extent(1e6))).toBe(false)
})

/** All of it is timed. */
function whole(bytes: number) {
  return { sizeBytes: bytes, timedBytes: bytes }
}

test('a block is read again when it has grown, or when its times have come', () => {
  const blocks = new LogBlocks()
  blocks.put(0, block(0, 'x', 50), whole(500))
  expect(blocks.lacks(0, extent(50))).toBe(false)
  expect(blocks.lacks(0, extent(51))).toBe(true)
  // The last line may have gone on without a new one.
  expect(blocks.lacks(0, { ...extent(50), sizeBytes: 505 })).toBe(true)
  const untimed = [...block(0, 'x', 49), line(49, 'x', null)]
  blocks.put(0, untimed, { sizeBytes: 500, timedBytes: 480 })
  expect(blocks.lacks(0, extent(50, 480))).toBe(false)
  // Also the last words, which get their time with the end and nothing behind them.
  expect(blocks.lacks(0, { ...extent(50), timedBytes: 500 })).toBe(true)
  // Nothing measured it, and nothing will.
  blocks.put(
    0,
    block(0, 'x').map((one) => ({ ...one, at: null })),
    whole(10_000),
  )
  expect(blocks.lacks(0, extent(1_000, 10_000))).toBe(false)
})

test('a line falls into parts where colours and places begin and end', () => {
  const red = { start: 2, end: 6, colour: 1, bold: false, dim: false }
  expect(rowParts('abcdefgh', [red], [4], 3, 4)).toEqual([
    { text: 'ab', span: null, hit: 0 },
    { text: 'cd', span: red, hit: 0 },
    { text: 'ef', span: red, hit: 2 },
    { text: 'g', span: null, hit: 2 },
    { text: 'h', span: null, hit: 0 },
  ])
})

test('goals are line numbers, or the nearest such time', () => {
  expect(readGoal('12,345', 0)).toEqual({ kind: 'line', line: 12_344 })
  expect(readGoal('0', 0)).toBe(null)
  expect(readGoal('soon', 0)).toBe(null)
  expect(readGoal('25:00', 0)).toBe(null)
  const near = new Date(2026, 2, 1, 23, 50).getTime()
  expect(readGoal('0:10:05', near)).toEqual({
    kind: 'time',
    at: new Date(2026, 2, 2, 0, 10, 5).getTime(),
  })
})
