import { toSubletError, toWireError } from '../domain/errors.ts'
import { formatDuration } from '../domain/format.ts'
import { isEnded } from '../../preload/contract/job.ts'
import type { Machine } from '../machine/machine.ts'
import type { AttemptStatus } from '../machine/supervisor/protocol.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import { heedReclaim } from './heed-reclaim.ts'
import { LogMirror } from './log-mirror.ts'
import { MetricsStore } from './metrics-store.ts'
import { collectPass } from './steps/collect.ts'
import type { StepContext } from './steps/context.ts'
import { whenToStop } from './when-to-stop.ts'

/** Physical time between two passes of the output mirror. */
const mirrorEveryRealMs = 30_000
/** The same once the provider has announced that it takes the machine back. */
const hurriedMirrorEveryRealMs = 1_000

/**
 * Follows one attempt over one connection: log, metrics, mirror and stop orders side by side,
 * until the log has ended with the job. Rejects with `unreachable` on a cut.
 */
export async function followRun(
  context: StepContext,
  machine: Machine,
  supervisor: Supervisor,
): Promise<AttemptStatus> {
  const ended = new AbortController()
  const hurry = new AbortController()
  const side = AbortSignal.any([context.signal, ended.signal])
  const sideWork = Promise.allSettled([
    followMetrics(context, supervisor, side).catch((error: unknown) => note(context, side, error)),
    mirror(context, machine, hurry.signal, side).catch((error: unknown) =>
      note(context, side, error),
    ),
    obeyStop(context, supervisor, side).catch((error: unknown) => note(context, side, error)),
    tellTime(context, side).catch((error: unknown) => note(context, side, error)),
    hurryOnReclaim(context, supervisor, hurry, side).catch((error: unknown) =>
      note(context, side, error),
    ),
  ])
  try {
    await followLog(context, supervisor)
    return await supervisor.attemptStatus(context.attempt().id, { signal: context.signal })
  } finally {
    ended.abort()
    await sideWork
  }
}

async function followLog(context: StepContext, supervisor: Supervisor): Promise<void> {
  const attempt = context.attempt()
  const path = context.paths.log(context.jobId, attempt.id)
  await learnSecrets(context)
  const mirrored = await LogMirror.open(path, context.redactor.stream())
  let whole = false
  try {
    const pieces = supervisor.followLog(attempt.id, mirrored.offset, context.signal)
    for await (const { bytes } of pieces) {
      await mirrored.append(bytes)
      context.feed.touch(context.jobId)
    }
    whole = true
  } finally {
    await (whole ? mirrored.finish() : mirrored.abandon())
    context.feed.touch(context.jobId)
  }
}

/** To mask them in the log. After a restart without keychain they are not known any more. */
async function learnSecrets(context: StepContext): Promise<void> {
  try {
    await context.secrets.read(context.job().spec.secrets)
  } catch (thrown) {
    context.log.warn({ error: toWireError(thrown) }, 'Secrets cannot be masked in this log')
  }
}

async function followMetrics(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const attempt = context.attempt()
  const store = new MetricsStore(context.paths.metrics(context.jobId, attempt.id))
  const from = await store.nextOffset()
  for await (const chunk of supervisor.followMetrics(attempt.id, from, signal)) {
    await store.append(chunk.samples, chunk.nextOffset)
    context.feed.touch(context.jobId)
  }
}

/** Newest outputs come home while the job runs, so that a lost machine costs one interval at most. */
async function mirror(
  context: StepContext,
  machine: Machine,
  hurry: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context
  for (;;) {
    if (hurry.aborted) await clock.sleep(hurriedMirrorEveryRealMs / clock.realMs(1), signal)
    else await sleepUntil(hurry, mirrorEveryRealMs / clock.realMs(1), context, signal)
    try {
      const report = await collectPass(context, machine, { verify: false, signal })
      if (report.bytesReceived > 0) {
        context.appendBoth([], [{ kind: 'egress-measured', bytes: report.bytesReceived }])
      }
    } catch (thrown) {
      signal.throwIfAborted()
      const error = toSubletError(thrown)
      if (error.code === 'unreachable') throw error
      // The final pass repeats and says it; the job must not suffer from a full disk here.
      context.log.warn({ error: toWireError(error) }, `${context.jobId}: mirroring failed`)
    }
  }
}

async function sleepUntil(
  woken: AbortSignal,
  durationMs: number,
  { clock }: StepContext,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(durationMs, AbortSignal.any([signal, woken])).catch(() => undefined) // Woken.
  signal.throwIfAborted()
}

async function hurryOnReclaim(
  context: StepContext,
  supervisor: Supervisor,
  hurry: AbortController,
  signal: AbortSignal,
): Promise<void> {
  if (!context.rental().offer.spot) return
  await heedReclaim(context, supervisor, signal)
  hurry.abort()
}

/** Tells the machine to stop the job: when the record says so, or when time is up. */
async function obeyStop(
  context: StepContext,
  supervisor: Supervisor,
  signal: AbortSignal,
): Promise<void> {
  const { clock, wake } = context
  for (;;) {
    const job = context.job()
    if (isEnded(job.state)) return
    if (job.stop !== null) break
    const stop = whenToStop(context)
    if (clock.now() >= stop.at) {
      context.append({ kind: 'stop-requested', reason: stop.reason, discard: false })
      break
    }
    await wake.wait(context.jobId, stop.at, signal)
  }
  const { spec } = context.job()
  const graceS = Math.ceil(clock.realMs(spec.limits.graceMs) / 1_000)
  context.progress(0.9, 'Stopping the job')
  for (;;) {
    try {
      await supervisor.stopAttempt(context.attempt().id, graceS, { signal })
      return
    } catch (thrown) {
      signal.throwIfAborted()
      context.log.warn({ error: toWireError(thrown) }, `${context.jobId}: stopping it again`)
      await clock.sleep(2_000 / clock.realMs(1), signal)
    }
  }
}

async function tellTime(context: StepContext, signal: AbortSignal): Promise<void> {
  const { clock } = context
  for (;;) {
    const startedAt = context.attempt().startedAt ?? clock.now()
    const stopAt = whenToStop(context).at
    const ranMs = clock.now() - startedAt
    if (context.job().stop === null) {
      context.progress(
        Math.min(0.95, ranMs / Math.max(1, stopAt - startedAt)),
        `Running for ${formatDuration(ranMs)}`,
      )
    }
    await clock.sleep(1_000 / clock.realMs(1), signal)
  }
}

/** Side work that breaks off is noted; the log's own error decides what happens. */
function note(context: StepContext, signal: AbortSignal, thrown: unknown): void {
  if (signal.aborted) return
  context.log.info({ error: toWireError(thrown) }, `${context.jobId}: following broke off`)
}
