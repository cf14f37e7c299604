import type { Contract } from '../../../preload/contract/contract.ts'
import { TimedLog } from '../../jobs/monitor/timed-log.ts'
import type { Handlers } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'
import { followLog } from './follow-log.ts'
import { saveLog } from './save-log.ts'
import { searchLog } from './search-log.ts'

/** The handlers about logs. */
export function logHandlers(parts: ServiceParts): Handlers<Contract>['logs'] {
  const timed = async (jobId: string): Promise<TimedLog> =>
    await TimedLog.of(parts.monitor, parts.journal.job(jobId))
  return {
    lines: async ({ jobId, from, count }) => {
      const log = await timed(jobId)
      const first =
        'line' in from
          ? Math.min(from.line, log.extent.lines)
          : 'offset' in from
            ? await log.lineAtOffset(from.offset)
            : await log.lineAtTime(from.at)
      return { extent: log.extent, first, lines: await log.lines(first, count) }
    },
    search: async (input, { signal }) => await searchLog(parts, input, signal),
    save: async (input, { signal }) => await saveLog(parts, input, signal),
    follow: async ({ jobId }, { signal }) => await followLog(parts, jobId, signal),
  }
}
