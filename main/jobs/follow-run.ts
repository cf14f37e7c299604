import { toWireError } from '../domain/errors.ts'
import { formatDuration } from '../domain/format.ts'
import type { Machine } from '../machine/machine.ts'
import type { AttemptStatus } from '../machine/supervisor/protocol.ts'
import type { Supervisor } from '../machine/supervisor/supervisor.ts'
import { beside, type SideWork } from './beside.ts'
import { heedReclaim } from './heed-reclaim.ts'
import { keepLeased } from './keep-leased.ts'
import type { LeaseTurn } from './lease-turn.ts'
import { LogMirror } from './log-mirror.ts'
import { lookAfterLease } from './look-after-lease.ts'
import { mirrorOutputs } from './mirror-outputs.ts'
import { obeyStop } from './obey-stop.ts'
import { MetricsStore, mostMetricsBytes } from './metrics-store.ts'
import type { StepContext } from './steps/context.ts'
import { whenToStop } from './when-to-stop.ts'

/** Between two looks at a job whose log is not read any more, in physical time. */
const askEveryRealMs = 3_000

/**
 * Follows one attempt over one connection: log, metrics, mirror and stop orders side by side,
 * until the log has ended with the job. Rejects with `unreachable` on a cut.
 */
export async function followRun(
  context: StepContext,
  machine: Machine,
  supervisor: Supervisor,
  turn: LeaseTurn,
): Promise<AttemptStatus> {
  const hurry = new AbortController()
  const attemptId = context.attempt().id
  const works: readonly SideWork[] = [
    (side) => followMetrics(context, supervisor, side),
    (side) => mirrorOutputs(context, machine, hurry.signal, side),
    (side) => obeyStop(context, supervisor, side),
    (side) => keepLeased(context, machine, turn, side),
    (side) => lookAfterLease(context, machine, turn, side),
    (side) => tellTime(context, side),
    (side) => hurryOnReclaim(context, supervisor, hurry, side),
  ]
  return beside(context, works, machine.lost, async () => {
    const whole = await followLog(context, supervisor)
    for (;;) {
      const status = await supervisor.attemptStatus(attemptId, { signal: context.signal })
      if (whole || (status.state !== 'running' && status.state !== 'setup')) return status
      await context.clock.sleep(askEveryRealMs / context.clock.realMs(1), context.signal)
    }
  })
}

const metricsFull =
  'The machine sends more figures than there can be; those from here on are not kept, the job goes on.'

function warnOnce(context: StepContext, sentence: string): void {
  if (!context.job().warnings.includes(sentence)) context.append({ kind: 'warned', sentence })
}

/** True when the log has ended with the job, false when it has reached its limit before. */
async function followLog(context: StepContext, supervisor: Supervisor): Promise<boolean> {
  const attempt = context.attempt()
  const path = context.paths.log(context.jobId, attempt.id)
  await learnSecrets(context)
  const mirrored = await LogMirror.open(path, context.redactor.stream())
  let whole = false
  try {
    if (!mirrored.full) {
      const pieces = supervisor.followLog(attempt.id, mirrored.offset, context.signal)
      for await (const { bytes } of pieces) {
        await mirrored.append(bytes)
        context.feed.touch(context.jobId)
        if (mirrored.full) break
      }
    }
    whole = !mirrored.full
    if (!whole) warnOnce(context, mirrored.fullSentence)
    return whole
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
    const ranMs = context.clock.now() - (attempt.startedAt ?? attempt.beganAt)
    if (!(await store.append(chunk.samples, chunk.nextOffset, mostMetricsBytes(ranMs)))) {
      warnOnce(context, metricsFull)
      return
    }
    context.feed.measured(context.jobId, chunk.samples)
  }
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
