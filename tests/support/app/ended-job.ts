import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import type { Clock } from '../../../main/domain/clock.ts'
import { homeAt, prepareHome } from '../../../main/engine/home.ts'
import { HomePaths } from '../../../main/jobs/home-paths.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { receipt } from '../fake-facts.ts'
import { happyPath, submitted } from '../job-events.ts'
import { metricsSample } from '../metrics-samples.ts'
import { intended } from '../rental-events.ts'

export interface EndedJob {
  readonly jobId: string
  /** The first sample's time. */
  readonly fromAt: number
  /** What the line with this number, counted from 0, says. */
  readonly lineText: (line: number) => string
}

export interface EndedJobOptions {
  readonly lines: number
  readonly gpus: number
  readonly durationS: number
  /** Stands in for the name of the job and of its project, and in what it and its provider said. */
  readonly says?: string
  /** Where its results are; nowhere by default. */
  readonly outputDir?: string
}

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
const attemptId = 'a1'
const startAt = Date.parse('2026-03-01T08:00:00Z')

/**
 * Puts a job into a home before an engine opens it: it has ended, its machine is gone with a
 * receipt, and its log and figures are there. The lines came evenly over its time.
 */
export function putEndedJob(homeDir: string, options: EndedJobOptions): EndedJob {
  const home = homeAt(homeDir)
  prepareHome(home)
  journalIt(home.databaseFile, options)
  const paths = new HomePaths(homeDir)
  mkdirSync(paths.job(jobId), { recursive: true, mode: 0o700 })
  const bytesAt = writeLog(paths.log(jobId, attemptId), options)
  writeMetrics(paths.metrics(jobId, attemptId), options, bytesAt)
  return { jobId, fromAt: startAt, lineText }
}

function lineText(line: number): string {
  const step = line + 1
  const loss = (4 / (1 + step / 50_000)).toFixed(4)
  return `epoch ${Math.floor(step / 12_000)}  step ${step}  loss ${loss}  412 img/s`
}

function journalIt(databaseFile: string, { durationS, says, outputDir }: EndedJobOptions): void {
  const database = openDatabase(databaseFile)
  let at = startAt - 60_000
  const clock: Clock = {
    now: () => at,
    sleep: () => Promise.reject(new Error('Nothing waits here.')),
    realMs: (durationMs) => durationMs,
  }
  const journal = new Journal(database, clock)
  const spec = {
    ...submitted.spec,
    ...(says === undefined ? {} : { name: says, project: says, tags: { [says]: says } }),
    ...(outputDir === undefined ? {} : { outputDir }),
  }
  const rentalBegins = [
    intended(startAt + durationS * 1_000 + 3_600_000),
    { kind: 'launch-issued' },
    { kind: 'launched', instanceId: 'i-1', billedFrom: startAt - 50_000, gpuIndices: null },
    { kind: 'allocated', attemptId, jobId, jobName: spec.name, project: spec.project },
  ] as const
  journal.append({ job: jobId, event: { ...submitted, spec } })
  for (const event of rentalBegins) journal.append({ rental: rentalId, event })
  for (const event of happyPath(attemptId)) {
    if (event.kind === 'started') at = startAt
    else if (event.kind === 'exited') at = startAt + durationS * 1_000
    else at += 4_000
    if (event.kind === 'exited' && says !== undefined) {
      journal.append({ job: jobId, event: { kind: 'warned', sentence: says } })
      journal.append({ job: jobId, event: { ...event, sentence: says } })
    } else journal.append({ job: jobId, event })
  }
  const evidence = receipt.evidence.map((one) => ({ ...one, answered: says ?? one.answered }))
  const gone = { ...receipt, evidence, confirmedAt: at + 1_000 }
  journal.append(
    { rental: rentalId, event: { kind: 'freed', attemptId } },
    {
      rental: rentalId,
      event: { kind: 'release-intended', because: says ?? 'The job is over.' },
    },
    { rental: rentalId, event: { kind: 'released', receipt: gone } },
  )
  database.close()
}

/** Answers the size of the log after so many lines, for each second. */
function writeLog(path: string, { lines, durationS, says }: EndedJobOptions): number[] {
  const file = openSync(path, 'w', 0o600)
  const bytesAt: number[] = []
  let bytes = 0
  let written = 0
  for (let second = 0; second <= durationS; second += 1) {
    const upTo = Math.round((lines * second) / durationS)
    const texts: string[] = []
    for (; written < upTo; written += 1) texts.push(`${says ?? lineText(written)}\n`)
    const text = texts.join('')
    writeSync(file, text)
    bytes += Buffer.byteLength(text)
    bytesAt.push(bytes)
  }
  closeSync(file)
  return bytesAt
}

function writeMetrics(
  path: string,
  { gpus, durationS }: EndedJobOptions,
  bytesAt: readonly number[],
): void {
  const file = openSync(path, 'w', 0o600)
  for (let from = 0; from <= durationS; from += 600) {
    const lines: string[] = []
    for (let second = from; second <= Math.min(durationS, from + 599); second += 1) {
      const at = startAt + second * 1_000
      const samples = [metricsSample(at, gpus, { logBytes: bytesAt[second] ?? null })]
      lines.push(`\n${JSON.stringify({ nextOffset: second + 1, samples })}\n`)
    }
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}
