import { isEnded } from '../../../preload/contract/job-state.ts'
import type { LogExtent, LogLine } from '../../../preload/contract/services/logs.ts'
import type { JobRecord } from '../../domain/job/record.ts'
import type { MonitorArchive } from './archive.ts'
import type { JobLog, LogPart } from './job-log.ts'
import { LogTimes } from './log-times.ts'
import { rowText } from './row-text.ts'

/** The text of one answer; fewer lines come where it would be more. */
const mostTextBytes = 2 * 2 ** 20
/** A sample sees what the second before it has written. */
const sampleMs = 1_000

/** A job's log together with the machine's own samples of its size, as of one moment. */
export class TimedLog {
  readonly #log: JobLog
  readonly #times: ReadonlyMap<string, LogTimes>
  readonly #job: JobRecord

  private constructor(log: JobLog, times: ReadonlyMap<string, LogTimes>, job: JobRecord) {
    this.#log = log
    this.#times = times
    this.#job = job
  }

  /** Both up to date. */
  static async of(archive: MonitorArchive, job: JobRecord): Promise<TimedLog> {
    // The log first: what is read of it must not miss a time that is known.
    const log = await archive.log(job.id, job)
    const all = await archive.metrics(job.id, job)
    return new TimedLog(log, new Map(all.map((one) => [one.attemptId, one.columns.times])), job)
  }

  get extent(): LogExtent {
    const last = this.#log.parts.at(-1)
    const ended = isEnded(this.#job.state)
    const timedBytes =
      last === undefined || this.#isOver(last)
        ? this.#log.sizeBytes
        : last.firstByte + Math.min(last.index.sizeBytes, this.#timesOf(last).timedBytes)
    return { lines: this.#log.lines, sizeBytes: this.#log.sizeBytes, timedBytes, ended }
  }

  async lines(from: number, count: number): Promise<LogLine[]> {
    const rows = await this.#log.read(from, count, mostTextBytes)
    return rows.map(({ part, row }) => {
      const { text, spans } = rowText(row.bytes)
      return {
        line: part.firstLine + row.row,
        offset: part.firstByte + row.offset,
        text,
        spans: [...spans],
        continued: row.continued,
        at: this.#timeOf(part, row.offset),
      }
    })
  }

  async lineAtOffset(offset: number): Promise<number> {
    return await this.#log.lineAt(offset)
  }

  /** The first line that was written at a time or later; the number behind the last, if none was. */
  async lineAtTime(at: number): Promise<number> {
    const last = this.#log.parts.at(-1)
    for (const part of this.#log.parts) {
      const { lastAt } = this.#timesOf(part)
      // An earlier attempt's last words, which no sample saw, are not what a later moment shows.
      if (part !== last && (lastAt === null || at > lastAt + sampleMs)) continue
      const offset = this.#timesOf(part).offsetAt(at)
      if (offset < part.index.sizeBytes) return await this.#log.lineAt(part.firstByte + offset)
    }
    return this.#log.lines
  }

  #timeOf(part: LogPart, offset: number): number | null {
    const times = this.#timesOf(part)
    const at = times.timeOf(offset)
    if (at !== null || !this.#isOver(part) || times.lastAt === null) return at
    // Written between the last sample and the end. Without any size, nothing was measured.
    return times.timedBytes > 0 ? times.lastAt + sampleMs : null
  }

  #isOver(part: LogPart): boolean {
    const last = this.#job.attempts.at(-1)
    return part.attemptId !== last?.id || last.exitedAt !== null || isEnded(this.#job.state)
  }

  #timesOf(part: LogPart): LogTimes {
    return this.#times.get(part.attemptId) ?? new LogTimes()
  }
}
