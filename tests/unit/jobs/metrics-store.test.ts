import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { MetricsStore, mostMetricsBytes, readSamples } from '../../../main/jobs/metrics-store.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-metrics-'))
  path = join(folder, 'attempt.metrics')
})
afterEach(() => rmSync(folder, { recursive: true }))

function sample(at: number): MetricsSample {
  return {
    at,
    cpuPercent: 1,
    memoryUsedMib: 1,
    memoryTotalMib: 2,
    diskUsedMib: 1,
    diskTotalMib: 2,
    networkReceivedBytes: 0,
    networkSentBytes: 0,
    diskReadBytes: null,
    diskWrittenBytes: null,
    logBytes: null,
    gpus: [],
  }
}

const timesOf = async (from = 0): Promise<number[]> =>
  (await readSamples(path, from)).samples.map(({ at }) => at)

test('following goes on behind the last batch, and reading behind the last line', async () => {
  const store = new MetricsStore(path)
  expect(await store.nextOffset()).toBe(0)
  expect(await timesOf()).toEqual([])
  await store.append([sample(1), sample(2)], 80)
  const { next } = await readSamples(path, 0)
  await store.append([sample(3)], 120)
  expect(await store.nextOffset()).toBe(120)
  expect(await timesOf()).toEqual([1, 2, 3])
  expect(await timesOf(next)).toEqual([3])
})

test.each([1, 2, 40, 200])(
  'a batch of which the last %s bytes were never written is stored again, once',
  async (torn) => {
    const store = new MetricsStore(path)
    await store.append([sample(1)], 40)
    const { next } = await readSamples(path, 0)
    await store.append([sample(2), sample(3)], 120)
    truncateSync(path, statSync(path).size - torn)
    const left = readFileSync(path)
    // A batch that lacks only its newline is whole; no other one may count.
    const goesOn = await store.nextOffset()
    expect(goesOn).toBe(torn === 1 ? 120 : 40)
    expect(await timesOf()).toEqual([1])
    if (goesOn === 40) await store.append([sample(2), sample(3)], 120)
    await store.append([sample(4)], 160)
    expect(await timesOf()).toEqual([1, 2, 3, 4])
    expect(await timesOf(next)).toEqual([2, 3, 4])
    expect(readFileSync(path).subarray(0, left.length)).toEqual(left)
  },
)

test('beyond its limit nothing is stored, and following still knows where it was', async () => {
  const store = new MetricsStore(path)
  expect(await store.append([sample(1)], 40, 500)).toBe(true)
  expect(await store.append([sample(2), sample(3), sample(4)], 120, 500)).toBe(false)
  expect(await store.nextOffset()).toBe(40)
  expect(await timesOf()).toEqual([1])
  const day = 86_400_000
  // A sample of eight GPUs takes 1.4 kB as it is stored, once a second.
  expect(mostMetricsBytes(7 * day)).toBeGreaterThan(7 * 86_400 * 2_800)
  expect(mostMetricsBytes(day)).toBeLessThan(0.5 * 2 ** 30)
})

test('a file that is too large to be read whole is gone on with', async () => {
  writeFileSync(path, '')
  truncateSync(path, 600 * 2 ** 20)
  const store = new MetricsStore(path)
  await store.append([sample(9)], 4_711, 2 ** 40)
  expect(await store.nextOffset()).toBe(4_711)
})
