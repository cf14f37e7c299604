import type { LogExtent } from '../../../preload/contract/services/logs.ts'
import { jobChanges } from '../../jobs/changes.ts'
import { TimedLog } from '../../jobs/monitor/timed-log.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** Together with the pause of the changes themselves: at most ten a second. */
const pauseRealMs = 40

/** How far a job's log goes, again whenever that has changed, until the job has ended. */
export async function followLog(
  parts: ServiceParts,
  jobId: string,
  signal: AbortSignal,
): Promise<StreamAnswer<LogExtent, LogExtent>> {
  const left = new AbortController()
  // Subscribed before the snapshot is taken, so that nothing falls between.
  const changes = jobChanges(parts, AbortSignal.any([signal, left.signal]))
  const first = changes.next()
  const snapshot = (await TimedLog.of(parts.monitor, parts.journal.job(jobId))).extent
  return { snapshot, events: growth(parts, jobId, snapshot, first, changes, left) }
}

async function* growth(
  parts: ServiceParts,
  jobId: string,
  snapshot: LogExtent,
  first: Promise<IteratorResult<ReadonlySet<string>>>,
  rest: AsyncGenerator<ReadonlySet<string>>,
  left: AbortController,
): AsyncGenerator<LogExtent> {
  const { clock, journal, monitor } = parts
  let last = snapshot
  try {
    if (last.ended) return
    for (let next = await first; next.done !== true; next = await rest.next()) {
      if (!next.value.has(jobId)) continue
      const { extent } = await TimedLog.of(monitor, journal.job(jobId))
      if (differs(extent, last)) yield extent
      last = extent
      if (extent.ended) return
      await clock.sleep(pauseRealMs / clock.realMs(1), left.signal).catch(() => undefined) // Left.
    }
  } finally {
    left.abort()
  }
}

function differs(a: LogExtent, b: LogExtent): boolean {
  return a.sizeBytes !== b.sizeBytes || a.timedBytes !== b.timedBytes || a.ended !== b.ended
}
