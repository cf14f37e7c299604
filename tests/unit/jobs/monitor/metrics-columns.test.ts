import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MetricsSample } from '../../../../preload/contract/metrics-sample.ts'
import { MetricsStore, readSamples } from '../../../../main/jobs/metrics-store.ts'
import { bucketFor, Decimator } from '../../../../main/jobs/monitor/decimate.ts'
import { LogTimes } from '../../../../main/jobs/monitor/log-times.ts'
import { MetricsColumns } from '../../../../main/jobs/monitor/metrics-columns.ts'
import { metricsSample } from '../../../support/metrics-samples.ts'

const start = 1_795_000_000_000
let folder: string
let source: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-columns-'))
  source = join(folder, 'a.metrics')
  path = `${source}.columns`
})
afterEach(() => rmSync(folder, { recursive: true }))

async function store(samples: readonly MetricsSample[]): Promise<void> {
  const into = new MetricsStore(source)
  for (const [index, sample] of samples.entries()) await into.append([sample], index + 1)
}

async function history(columns: MetricsColumns, fromAt: number, toAt: number, points: number) {
  const decimator = new Decimator(bucketFor(toAt - fromAt, points), columns.gpus)
  for await (const piece of columns.read(fromAt)) decimator.push(piece, columns.gpus, toAt)
  return decimator.finish()
}

const column = (
  result: Awaited<ReturnType<typeof history>>,
  name: string,
  gpu: number | null = null,
) => result.series.find((one) => one.name === name && one.gpu === gpu)

test('buckets keep the lowest, the highest and the mean of their samples', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 0, max: 100 })), {
        minLength: 1,
        maxLength: 200,
      }),
      fc.integer({ min: 10, max: 60 }),
      async (steps, points) => {
        rmSync(source, { force: true })
        rmSync(path, { force: true })
        let at = start
        const samples = steps.map(([seconds, utilisationPercent]) => {
          at += seconds * 1_000
          const sample = metricsSample(at, 1)
          return { ...sample, gpus: sample.gpus.map((gpu) => ({ ...gpu, utilisationPercent })) }
        })
        writeFileSync(source, `${JSON.stringify({ nextOffset: 1, samples })}\n`)
        const columns = new MetricsColumns(source, path)
        await columns.catchUp()
        const result = await history(columns, start, at, points)
        const values = samples.map((one) => one.gpus[0]?.utilisationPercent ?? -1)
        const found = column(result, 'utilisationPercent', 0)
        const known = (list: readonly (number | null)[] = []) => list.filter((one) => one !== null)
        expect(Math.min(...known(found?.min))).toBe(Math.min(...values))
        expect(Math.max(...known(found?.max))).toBe(Math.max(...values))
        found?.mean.forEach((mean, index) => {
          const [low, high] = [found.min[index] ?? null, found.max[index] ?? null]
          if (mean === null || low === null || high === null) {
            expect([mean, low, high]).toEqual([null, null, null])
          } else {
            expect(low).toBeLessThanOrEqual(mean + 0.01)
            expect(high).toBeGreaterThanOrEqual(mean - 0.01)
          }
        })
        // Gaps stay gaps: as many rows of nulls as samples that came late.
        const gaps = steps.slice(1).filter(([seconds]) => seconds > 10).length
        expect(result.at.filter((_, index) => found?.mean[index] === null).length).toBe(gaps)
        expect(result.at).toEqual(result.at.toSorted((a, b) => a - b))
      },
    ),
    { numRuns: 60 },
  )
})

test('counters become rates, and a counter that starts anew says nothing', async () => {
  const at = (second: number) => start + second * 1_000
  await store([
    metricsSample(at(0), 0, { networkReceivedBytes: 1_000, diskReadBytes: null }),
    metricsSample(at(1), 0, { networkReceivedBytes: 3_000, diskReadBytes: null }),
    metricsSample(at(1), 0, { networkReceivedBytes: 3_500, diskReadBytes: null }),
    metricsSample(at(3), 0, { networkReceivedBytes: 7_000, diskReadBytes: null }),
    metricsSample(at(4), 0, { networkReceivedBytes: 10, diskReadBytes: null }),
  ])
  const columns = new MetricsColumns(source, path)
  await columns.catchUp()
  const result = await history(columns, at(0), at(4), 100)
  expect(column(result, 'networkReceivedBytesPerS')?.mean).toEqual([null, 2_000, 2_000, null])
  expect(column(result, 'diskReadBytesPerS')?.mean).toEqual([null, null, null, null])
})

test.each([1, 50, 300, 10_000])(
  'a copy that lost its last %s bytes is whole again',
  async (torn) => {
    await store(Array.from({ length: 40 }, (_, i) => metricsSample(start + i * 1_000, 2)))
    const first = new MetricsColumns(source, path)
    await first.catchUp()
    truncateSync(path, Math.max(0, statSync(path).size - torn))
    const again = new MetricsColumns(source, path)
    await again.catchUp()
    expect(again.count).toBe(40)
    const [a, b] = [
      await history(first, start, start + 40_000, 40),
      await history(again, start, start + 40_000, 40),
    ]
    expect(b).toEqual(a)
  },
)

test('a file that is none is made anew, and a GPU that shows up later gets its column', async () => {
  writeFileSync(path, 'something else entirely'.repeat(100))
  await store([
    metricsSample(start, 0),
    metricsSample(start + 1_000, 1),
    metricsSample(start + 2_000, 3),
  ])
  const columns = new MetricsColumns(source, path)
  await columns.catchUp()
  expect(columns.gpus).toEqual([0, 1, 2])
  expect(columns.count).toBe(3)
  const result = await history(columns, start, start + 2_000, 100)
  expect(column(result, 'temperatureC', 1)?.mean).toEqual([null, null, 65])
})

test('reading on in the store begins shortly before the time', async () => {
  const columns = new MetricsColumns(source, path)
  expect(await columns.sourceBefore(start)).toBe(0)
  for (let second = 0; second < 30; second += 10) {
    const ten = Array.from({ length: 10 }, (_, i) => metricsSample(start + (second + i) * 1_000, 1))
    await store(ten)
    await columns.catchUp()
  }
  const offset = await columns.sourceBefore(start + 20_000)
  expect((await readSamples(source, offset)).samples[0]?.at).toBe(start + 20_000)
  appendFileSync(source, '{"half')
  await columns.catchUp()
  expect(columns.count).toBe(30)
})

test('every byte of a log has the second of the first sample that saw it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { minLength: 1, maxLength: 60 }),
      fc.nat(200),
      (growth, offset) => {
        const times = new LogTimes()
        let bytes = 0
        const samples = growth.map((more, second) => {
          bytes += more
          times.add(second * 1_000, bytes)
          return { at: second * 1_000, bytes }
        })
        const seen = samples.find((one) => one.bytes > offset)
        expect(times.timeOf(offset)).toBe(seen?.at ?? null)
        for (const { at } of samples) {
          const before = samples.findLast((one) => one.at < at)
          expect(times.offsetAt(at)).toBe(before?.bytes ?? 0)
        }
      },
    ),
  )
})
