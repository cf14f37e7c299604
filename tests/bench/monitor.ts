import { mkdtempSync, openSync, closeSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bucketFor, Decimator } from '../../main/jobs/monitor/decimate.ts'
import { JobLog } from '../../main/jobs/monitor/job-log.ts'
import { MetricsColumns } from '../../main/jobs/monitor/metrics-columns.ts'
import { metricsSample } from '../support/metrics-samples.ts'
import { report } from './timed.ts'

/** The files behind the log view and the charts: a log of a million lines, a day of eight GPUs. */
const lineCount = 1_000_000
const day = 86_400
const start = Date.parse('2026-03-01T00:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'sublet-bench-'))
try {
  await benchLog(join(folder, 'log'))
  await benchMetrics(join(folder, 'a.metrics'))
} finally {
  rmSync(folder, { recursive: true })
}

async function benchLog(path: string): Promise<void> {
  const file = openSync(path, 'w')
  for (let from = 0; from < lineCount; from += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => {
      const step = from + i
      return `epoch ${step % 90}  step ${step}  loss ${(4 / (1 + step / 1e5)).toFixed(4)}  acc 0.8710  lr 3.0e-04  412 img/s  eta 01:22:33\n`
    })
    writeSync(file, lines.join(''))
  }
  closeSync(file)
  const log = new JobLog()
  const megabytes = (statSync(path).size / 1e6).toFixed(0)
  const stalls = watchLoop()
  report(
    `${lineCount} lines, ${megabytes} MB: first index`,
    await timed(async () => log.update([{ id: 'a', path }])),
  )
  report('  longest stop of the loop meanwhile', stalls(), 20)
  report(
    '  200 lines from the middle',
    await median(21, async () => log.read(lineCount / 2, 200, 2e6)),
    5,
  )
  const { signal } = new AbortController()
  for (const [what, text] of [
    ['that stands nowhere', 'nowhere in here'],
    ['in one line', 'step 777777 '],
    ['in every line', 'LOSS'],
  ] as const) {
    let found = 0
    const quiet = watchLoop()
    const ms = await timed(async () => {
      for await (const piece of log.search(text, false, 0, signal)) found += piece.rows.length
    })
    report(`  search for a text ${what} (${found} places)`, ms, 2_000)
    report('    longest stop of the loop meanwhile', quiet(), 60)
  }
}

async function benchMetrics(source: string): Promise<void> {
  const file = openSync(source, 'w')
  for (let from = 0; from < day; from += 600) {
    const lines = Array.from({ length: 600 }, (_, i) => {
      const samples = [metricsSample(start + (from + i) * 1_000, 8, { logBytes: (from + i) * 90 })]
      return `\n${JSON.stringify({ nextOffset: from + i, samples })}\n`
    })
    writeSync(file, lines.join(''))
  }
  closeSync(file)
  const path = `${source}.columns`
  const made = new MetricsColumns(source, path)
  report(
    '8 GPUs, 24 h at 1 Hz: the fast copy, once, from a home without',
    await timed(async () => made.catchUp()),
  )
  process.stdout.write(
    `  ${(statSync(source).size / 1e6).toFixed(0)} MB of samples, ${(statSync(path).size / 1e6).toFixed(0)} MB of copy\n`,
  )
  for (const [what, hours] of [
    ['24 h', 24],
    ['1 h', 1],
  ] as const) {
    const cold = new MetricsColumns(source, path)
    const stalls = watchLoop()
    const ms = await timed(async () => {
      await cold.catchUp()
      const from = start + (24 - hours) * 3_600_000
      const decimator = new Decimator(bucketFor(hours * 3_600_000, 600), cold.gpus)
      for await (const piece of cold.read(from))
        decimator.push(piece, cold.gpus, start + day * 1_000)
      decimator.finish()
    })
    report(`  ${what} in 600 points, after a restart`, ms, 300)
    report('    longest stop of the loop meanwhile', stalls(), 60)
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work()
  return performance.now() - before
}

async function median(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) times.push(await timed(work))
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN
}

/** How long nothing else had its turn, at the longest, until the answer is called. */
function watchLoop(): () => number {
  let last = performance.now()
  let longest = 0
  let watching = true
  const tick = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (watching) setImmediate(tick)
  }
  setImmediate(tick)
  return () => {
    watching = false
    return longest
  }
}
