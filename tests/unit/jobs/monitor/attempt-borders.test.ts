import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MetricsSample } from '../../../../preload/contract/metrics-sample.ts'
import type { JobRecord } from '../../../../main/domain/job/record.ts'
import { HomePaths } from '../../../../main/jobs/home-paths.ts'
import { MonitorArchive } from '../../../../main/jobs/monitor/archive.ts'
import { Decimator } from '../../../../main/jobs/monitor/decimate.ts'
import { MetricsColumns } from '../../../../main/jobs/monitor/metrics-columns.ts'
import { encodeSamples } from '../../../../main/jobs/monitor/sample-record.ts'
import { TimedLog } from '../../../../main/jobs/monitor/timed-log.ts'
import { metricsSample } from '../../../support/metrics-samples.ts'

const start = 1_795_000_000_000
const at = (second: number): number => start + second * 1_000
const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
let folder: string
let paths: HomePaths
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-borders-'))
  paths = new HomePaths(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

function attempt(id: string, log: string, samples: readonly MetricsSample[]): void {
  mkdirSync(dirname(paths.log(jobId, id)), { recursive: true })
  writeFileSync(paths.log(jobId, id), log)
  writeFileSync(paths.metrics(jobId, id), `${JSON.stringify({ nextOffset: 1, samples })}\n`)
}

const job = {
  id: jobId,
  state: 'running',
  attempts: [
    { id: 'a1', exitedAt: null },
    { id: 'a2', exitedAt: null },
  ],
} as unknown as JobRecord

test('a moment of the second attempt is a line of the second attempt', async () => {
  attempt('a1', 'one\ntwo\nlast words\n', [
    metricsSample(at(0), 0, { logBytes: 4 }),
    metricsSample(at(1), 0, { logBytes: 8 }),
  ])
  attempt('a2', 'again\nmore\n', [
    metricsSample(at(600), 0, { logBytes: 6 }),
    metricsSample(at(601), 0, { logBytes: 11 }),
  ])
  const log = await TimedLog.of(new MonitorArchive(paths), job)
  const times = (await log.lines(0, 10)).map((line) => line.at)
  expect(times).toEqual([at(0), at(1), at(2), at(600), at(601)])
  for (const [line, time] of times.entries()) expect(await log.lineAtTime(time ?? 0)).toBe(line)
  // Between the two nothing was written: the next line is the first of the second attempt.
  expect(await log.lineAtTime(at(300))).toBe(3)
})

test('the counters of one machine say nothing about the next one', async () => {
  const [one, two] = ['a', 'b'].map((name) => join(folder, name)) as [string, string]
  const counted = (second: number, networkReceivedBytes: number) =>
    metricsSample(at(second), 0, { networkReceivedBytes })
  const write = (file: string, samples: readonly MetricsSample[]): void =>
    writeFileSync(file, `${JSON.stringify({ nextOffset: 1, samples })}\n`)
  write(one, [counted(0, 1_000), counted(1, 2_000)])
  write(two, [counted(4, 900_000_000), counted(5, 900_000_500)])
  const decimator = new Decimator(1_000, [])
  for (const file of [one, two]) {
    const columns = new MetricsColumns(file, `${file}.columns`)
    await columns.catchUp()
    decimator.nextAttempt()
    for await (const piece of columns.read(0)) decimator.push(piece, [], at(10))
  }
  const result = decimator.finish()
  const rate = result.series.find((series) => series.name === 'networkReceivedBytesPerS')
  expect(rate?.mean).toEqual([null, 1_000, null, 500])
})

test('the clock of the next machine is behind: its figures follow the ones before', async () => {
  const files = [
    [0, 1, 2],
    [-3_600, -3_599, -3_598],
  ].map((seconds, order) => {
    const file = join(folder, `${order}.metrics`)
    const samples = seconds.map((second) => metricsSample(at(second), 0))
    writeFileSync(file, `${JSON.stringify({ nextOffset: 1, samples })}\n`)
    return file
  })
  const decimator = new Decimator(1_000, [])
  for (const file of files) {
    const columns = new MetricsColumns(file, `${file}.columns`)
    await columns.catchUp()
    decimator.nextAttempt()
    for await (const piece of columns.read(0)) decimator.push(piece, [], at(10))
  }
  expect(decimator.finish().at).toEqual([0, 1, 2, 3, 4, 5].map((second) => at(second)))
})

test('an append that failed half way loses no sample and shifts none', async () => {
  const source = join(folder, 'a.metrics')
  const path = `${source}.columns`
  const some = (from: number, count: number): MetricsSample[] =>
    Array.from({ length: count }, (_, index) => metricsSample(at(from + index), 1))
  const add = (from: number, count: number): void =>
    appendFileSync(source, `${JSON.stringify({ nextOffset: 1, samples: some(from, count) })}\n`)
  add(0, 5)
  const columns = new MetricsColumns(source, path)
  await columns.catchUp()
  // The disk takes a part of the next records only.
  renameSync(path, `${path}.kept`)
  mkdirSync(path)
  add(5, 3)
  await expect(columns.catchUp()).rejects.toThrow()
  rmdirSync(path)
  renameSync(`${path}.kept`, path)
  appendFileSync(path, encodeSamples(some(5, 3), [0], 1).subarray(0, 250))
  add(8, 2)
  await columns.catchUp()
  const seen: number[] = []
  for await (const piece of columns.read(0)) {
    for (let i = 0; i < piece.count; i += 1) seen.push(piece.doubles[i * piece.strideDoubles] ?? 0)
  }
  expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => at(i)))
})
