import { setTimeout as delay } from 'node:timers/promises'
import { type JobSummary } from '../../../preload/contract/job.ts'
import { type JobId, isEnded } from '../../../preload/contract/job-state.ts'
import { SubletError, toSubletError } from '../../domain/errors.ts'
import type { EngineLink } from '../engine-link.ts'
import type { JobView } from '../views/job-view.ts'
import { followNotices, noticeLine } from './follow-notices.ts'
import { LogPosition } from './log-position.ts'

/** Follows end this long after the job at the latest, should its log not end by itself. */
const logEndsWithinMs = 15_000

/**
 * Shows a job until it has ended, over lost connections and restarted engines; the log resumes at
 * its byte. Resolves with the ended job, or null when `leave` was aborted.
 */
export async function followJob(
  engine: EngineLink,
  jobId: JobId,
  view: JobView,
  leave: AbortSignal,
): Promise<JobSummary | null> {
  const over = new AbortController()
  const signal = AbortSignal.any([leave, over.signal])
  let lost = false
  const losses = {
    signal,
    onLost: () => {
      if (!lost) view.say('The engine does not answer; the job goes on. Trying again …')
      lost = true
    },
  }
  const state: { ended: JobSummary | null } = { ended: null }
  const onSummary = (job: JobSummary): void => {
    if (lost) view.say('The engine is back.')
    lost = false
    // The end is shown after the last of the log.
    if (isEnded(job.state)) state.ended = job
    else view.summary(job)
  }
  const watching = engine.throughLosses(async (api) => {
    const stream = await api.jobs.watch({ jobId }, { signal })
    const known = stream.snapshot.find((job) => job.id === jobId)
    if (known) onSummary(known)
    if (state.ended === null) {
      for await (const job of stream.events) {
        if (job.id === jobId) onSummary(job)
        if (state.ended !== null) break
      }
    }
    stream.close()
    if (state.ended === null) throw new SubletError('unreachable', 'The engine stopped reporting.')
    return state.ended
  }, losses)
  const logging = followLog(engine, jobId, view, losses, () => state.ended !== null)
  const measuring = followMetrics(engine, jobId, view, losses)
  const noticing = followNotices(engine, jobId, (notice) => view.say(noticeLine(notice)), signal)
  try {
    const ended = await watching
    await Promise.race([logging, delay(logEndsWithinMs, undefined, { signal, ref: false })])
    view.summary(ended)
    return ended
  } catch (thrown) {
    if (leave.aborted) return null
    throw thrown
  } finally {
    over.abort()
    await Promise.allSettled([logging, measuring, noticing])
  }
}

type Losses = Parameters<EngineLink['throughLosses']>[1]

async function followLog(
  engine: EngineLink,
  jobId: JobId,
  view: JobView,
  losses: Losses,
  hasEnded: () => boolean,
): Promise<void> {
  const position = new LogPosition()
  for (;;) {
    const endedBefore = hasEnded()
    await engine.throughLosses(async (api) => {
      const stream = await api.jobs.log(
        { jobId, offset: position.next, follow: true },
        { signal: losses.signal },
      )
      for await (const event of stream.events) {
        const fresh = position.take(event.offset, Buffer.from(event.bytes, 'base64'))
        if (fresh.length > 0) view.log(position.next - fresh.length, fresh)
      }
    }, losses)
    if (endedBefore || hasEnded()) return
    // The log ended a moment before the job's own end was heard.
    await delay(200, undefined, { signal: losses.signal })
  }
}

async function followMetrics(
  engine: EngineLink,
  jobId: JobId,
  view: JobView,
  losses: Losses,
): Promise<void> {
  let fromAt = 0
  try {
    await engine.throughLosses(async (api) => {
      const stream = await api.jobs.metrics(
        { jobId, fromAt, follow: true },
        { signal: losses.signal },
      )
      for await (const samples of stream.events) {
        const latest = samples.at(-1)
        if (latest === undefined) continue
        fromAt = latest.at + 1
        view.metrics(latest)
      }
    }, losses)
  } catch (thrown) {
    // Live figures are a comfort: a job is followed without them all the same.
    if (!losses.signal.aborted) view.say(`Live figures ended: ${toSubletError(thrown).message}`)
  }
}
