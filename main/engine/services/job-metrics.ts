import { isEnded } from '../../../preload/contract/job-state.ts'
import { type MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { jobChanges } from '../../jobs/changes.ts'
import { readSamples } from '../../jobs/metrics-store.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { ServiceParts } from './context.ts'

/** The job's samples from a time on, all attempts in order; with `follow` until it has ended. */
export async function jobMetrics(
  parts: ServiceParts,
  input: { readonly jobId: string; readonly fromAt: number; readonly follow: boolean },
  signal: AbortSignal,
): Promise<StreamAnswer<Record<string, never>, MetricsSample[]>> {
  parts.journal.job(input.jobId)
  return { snapshot: {}, events: batches(parts, input, signal) }
}

async function* batches(
  parts: ServiceParts,
  { jobId, fromAt, follow }: { jobId: string; fromAt: number; follow: boolean },
  signal: AbortSignal,
): AsyncGenerator<MetricsSample[]> {
  const left = new AbortController()
  const changes = jobChanges(parts, AbortSignal.any([signal, left.signal]))
  let pending = changes.next()
  const read = new Map<string, number>()
  try {
    for (;;) {
      const job = parts.journal.job(jobId)
      const unread = job.attempts.some(({ id }) => !read.has(id))
      for (const { attemptId, columns } of unread ? await parts.monitor.metrics(jobId, job) : []) {
        if (!read.has(attemptId)) read.set(attemptId, await columns.sourceBefore(fromAt))
      }
      for (const { id } of job.attempts) {
        for (;;) {
          const from = read.get(id) ?? 0
          const { samples, next } = await readSamples(parts.paths.metrics(jobId, id), from)
          read.set(id, next)
          const wanted = samples.filter((one) => one.at >= fromAt)
          if (wanted.length > 0) yield wanted
          if (next === from) break
        }
      }
      if (isEnded(job.state) || !follow) return
      for (let next = await pending; ; next = await pending) {
        if (next.done === true) return
        pending = changes.next()
        if (next.value.has(jobId)) break
      }
    }
  } finally {
    left.abort()
  }
}
