import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LineIndex } from '../../../../main/jobs/monitor/line-index.ts'
import { JobLog } from '../../../../main/jobs/monitor/job-log.ts'
import { readRows, rowAt } from '../../../../main/jobs/monitor/read-rows.ts'
import { longestRowBytes, RowSplitter } from '../../../../main/jobs/monitor/row-splitter.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-lines-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function splitAll(pieces: readonly Buffer[]): { rows: [number, number][]; open: number } {
  const splitter = new RowSplitter()
  const rows: [number, number][] = []
  for (const piece of pieces) splitter.push(piece, (start, end) => rows.push([start, end]))
  return { rows, open: splitter.openRowStart }
}

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constant('\n'),
      fc.constant('\r'),
      fc.constant('é'.repeat(9_000)),
      fc.constant('x'.repeat(longestRowBytes)),
      fc.constant(`${'y'.repeat(longestRowBytes - 1)}\r`),
      fc.constant('\u{1f600}'.repeat(4_100)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.from(parts.join('')))

test('rows are the same whatever pieces a log arrives in, and hold every byte once', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (bytes, cuts) => {
      const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
      const edges = [0, ...at, bytes.length]
      const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
      const whole = splitAll([bytes])
      expect(splitAll(pieces)).toEqual(whole)
      let next = 0
      for (const [start, end] of whole.rows) {
        expect(start).toBe(next)
        expect(end).toBeGreaterThan(start)
        next = end
        const row = bytes.subarray(start, end).toString('utf8')
        // A newline ends a row, and only a long row ends without one.
        expect(row.slice(0, -1)).not.toContain('\n')
        if (!row.endsWith('\n')) expect(end - start).toBeGreaterThanOrEqual(longestRowBytes)
      }
      expect(whole.open).toBe(next)
    }),
    { numRuns: 300 },
  )
})

test('cuts fall between characters', () => {
  const bytes = Buffer.from(`a${'\u{1f600}'.repeat(10_000)}`)
  const { rows, open } = splitAll([bytes])
  expect(rows.length).toBeGreaterThan(1)
  for (const [start, end] of [...rows, [open, bytes.length] as const]) {
    expect(bytes.subarray(start, end).toString('utf8')).not.toContain('\ufffd')
  }
})

test('a progress bar that returns ten thousand times is one row', () => {
  const bytes = Buffer.from(
    `${Array.from({ length: 10_000 }, (_, i) => `\r${i} of 10000 |####|`).join('')}\nnext\n`,
  )
  expect(splitAll([bytes.subarray(0, 7_777), bytes.subarray(7_777)]).rows.length).toBe(2)
})

test('an index that grew says the same as one made at once, and finds every row', async () => {
  const path = join(folder, 'log')
  const index = new LineIndex(path)
  await index.update()
  expect(index.rows).toBe(0)
  const lines: string[] = []
  for (let round = 0; round < 6; round += 1) {
    const more = Array.from({ length: 731 * (round + 1) }, (_, i) => `round ${round} line ${i}`)
    appendFileSync(path, `${more.join('\n')}\n`)
    lines.push(...more)
    await index.update()
    expect(index.rows).toBe(lines.length)
  }
  for (const row of [0, 1, 999, 1_000, 1_001, 5_432, lines.length - 1]) {
    const [found] = await readRows(index, row, 1, 1e6)
    expect(found?.bytes.toString()).toBe(`${lines[row]}\n`)
    expect(found?.row).toBe(row)
    expect(await rowAt(index, (found?.offset ?? 0) + 3)).toBe(row)
  }
  const block = await readRows(index, 990, 25, 1e6)
  expect(block.map((row) => row.bytes.toString().trim())).toEqual(lines.slice(990, 1_015))
  // Half a line counts, and is the same line when it has become whole.
  appendFileSync(path, 'half')
  await index.update()
  expect(index.rows).toBe(lines.length + 1)
  appendFileSync(path, ' done\n')
  await index.update()
  expect(index.rows).toBe(lines.length + 1)
  expect((await readRows(index, lines.length, 5, 1e6))[0]?.bytes.toString()).toBe('half done\n')
})

test('ten megabytes without newline come in pieces', async () => {
  const path = join(folder, 'log')
  writeFileSync(path, 'z'.repeat(10 * 2 ** 20))
  const index = new LineIndex(path)
  await index.update()
  const rows = await readRows(index, 0, 2_000, 2 * 2 ** 20)
  expect(rows.length).toBeGreaterThan(100)
  expect(rows.length).toBeLessThan(140)
  expect(rows[0]?.continued).toBe(false)
  expect(rows[1]?.continued).toBe(true)
  expect(rows[1]?.bytes.length).toBe(longestRowBytes)
})

test('a search finds what is there, as often as it is there', async () => {
  const words = ['loss', 'Loss', 'nan', 'LOSS loss', '\u001b[31mlo\u001b[0mss', 'Größe', 'x']
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4_000 }),
      fc.constantFrom('loss', 'LOSS', 'GRÖSSE', 'größe', 'nan'),
      fc.boolean(),
      fc.nat(4_000),
      async (lines, wanted, caseSensitive, fromLine) => {
        const path = join(folder, 'log')
        writeFileSync(path, `${lines.join('\n')}\n`)
        const log = new JobLog()
        await log.update([{ id: 'a', path }])
        const found: string[] = []
        const { signal } = new AbortController()
        for await (const piece of log.search(wanted, caseSensitive, fromLine, signal)) {
          found.push(...piece.rows.map((row, i) => `${row}:${piece.columns[i]}`))
        }
        const fold = (one: string): string => (caseSensitive ? one : one.toLowerCase())
        const expected = lines.flatMap((line, row) => {
          if (row < fromLine) return []
          const shown = fold(line.replace(/\u001b\[\d+m/g, ''))
          const at = [...shown.matchAll(new RegExp(fold(wanted), 'g'))]
          return at.map(({ index }) => `${row}:${index}`)
        })
        expect(found).toEqual(expected)
      },
    ),
    { numRuns: 40 },
  )
})

test('the logs of several attempts are one', async () => {
  const attempts = ['a', 'b', 'c'].map((id) => ({ id, path: join(folder, id) }))
  writeFileSync(join(folder, 'a'), 'one\ntwo')
  writeFileSync(join(folder, 'c'), 'three\nfour\n')
  const log = new JobLog()
  await log.update(attempts)
  expect([log.lines, log.sizeBytes]).toEqual([4, 18])
  const rows = await log.read(1, 10, 1e6)
  expect(rows.map(({ row }) => row.bytes.toString().trim())).toEqual(['two', 'three', 'four'])
  expect(await log.lineAt(5)).toBe(1)
  expect(await log.lineAt(7)).toBe(2)
  expect(await log.lineAt(99)).toBe(4)
})
