import type { LogExtent } from '../../../preload/contract/services/logs.ts'
import { TimedLog } from '../../jobs/monitor/timed-log.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

interface Wanted {
  readonly jobId: string
  readonly text: string
  readonly caseSensitive: boolean
  readonly fromLine: number
  readonly limit: number
}

interface Found {
  readonly lines: number[]
  readonly columns: number[]
  readonly found: number
  readonly scannedLines: number
}

/** Pieces of the scan without a find are told together, so that a long log is few messages. */
const quietLines = 100_000

/** Scans a job's log for a text; ends when all of it has been looked at, or the client leaves. */
export async function searchLog(
  parts: ServiceParts,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<StreamAnswer<LogExtent, Found>> {
  const job = parts.journal.job(wanted.jobId)
  const { extent } = await TimedLog.of(parts.monitor, job)
  return { snapshot: extent, events: places(parts, wanted, extent, signal) }
}

async function* places(
  parts: ServiceParts,
  { jobId, text, caseSensitive, fromLine, limit }: Wanted,
  extent: LogExtent,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const log = await parts.monitor.log(jobId, parts.journal.job(jobId))
  let found = 0
  let listed = 0
  let told = fromLine
  let scannedLines = fromLine
  for await (const piece of log.search(text, caseSensitive, fromLine, signal)) {
    found += piece.rows.length
    scannedLines = piece.next
    const lines = piece.rows.slice(0, limit - listed)
    listed += lines.length
    if (lines.length === 0 && scannedLines - told < quietLines) continue
    told = scannedLines
    yield { lines, columns: piece.columns.slice(0, lines.length), found, scannedLines }
  }
  yield { lines: [], columns: [], found, scannedLines: Math.max(scannedLines, extent.lines) }
}
