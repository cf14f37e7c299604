import type { OutputsReport } from '../../../preload/contract/job.ts'
import { reckonedBytes } from '../../domain/collection.ts'
import { formatBytes, formatCount } from '../../domain/format.ts'
import { SubletError, toSubletError, toWireError } from '../../domain/errors.ts'
import type { Machine } from '../../machine/machine.ts'
import { Supervisor } from '../../machine/supervisor/supervisor.ts'
import { collect as collectTree } from '../../transfer/collect.ts'
import type { ReceiveReport } from '../../transfer/receive-types.ts'
import { beside } from '../beside.ts'
import { collectPlaces } from '../collect-places.ts'
import { holdResult } from '../hold-result.ts'
import { storeIfWanted } from '../store-if-wanted.ts'
import { keepLeased } from '../keep-leased.ts'
import { LeaseTurn } from '../lease-turn.ts'
import { LinePace } from '../line-pace.ts'
import { tellSilence } from '../tell-silence.ts'
import { connectTo } from './connect-to.ts'
import type { StepContext } from './context.ts'
import { isGone } from './gone.ts'
import { interrupt, isLeaseOver } from './interrupt.ts'

/** A pass that three times in a row leaves the same things unverified will not do better. */
const samePasses = 3
const betweenPassesRealMs = 2_000

/**
 * Brings everything the job made home and verifies it against the machine's hashes. It is repeated
 * while the machine lives: a full disk here must not cost the results; only the lease's end may.
 */
export async function collect(context: StepContext): Promise<void> {
  const attempt = context.attempt()
  const { spec } = context.job()
  const turn = new LeaseTurn()
  try {
    refuseGivenBack(context)
    const machine = await connectTo(context)
    const mayUseBucket = (spec.results ?? 'home') !== 'home'
    const { report, bytesSent, inBucket } = await beside(
      context,
      [
        (side) => keepLeased(context, machine, turn, side),
        (side) => holdResult(context, machine, turn, side),
        // A machine that uploads to a bucket is silent meanwhile.
        ...(mayUseBucket ? [] : [(side: AbortSignal) => tellSilence(context, machine, side)]),
      ],
      machine.lost,
      () => bring(context, machine),
    )
    if (!report.verified) refuseGivenBack(context)
    await tellCollected(context, machine)
    const where = inBucket ? { where: 'bucket' as const } : {}
    context.appendBoth(
      [{ kind: 'collected', attemptId: attempt.id, report, ...where }],
      context.rental().phase === 'released' ? [] : [{ kind: 'egress-measured', bytes: bytesSent }],
    )
  } catch (thrown) {
    context.signal.throwIfAborted()
    const error = toSubletError(thrown)
    const { code } = error
    const isCut = code === 'unreachable' || code === 'auth' || code === 'host-key'
    if (!isGivenBack(context) && !(isCut && (await isGone(context)))) throw thrown
    if (mayRunAgain(context)) {
      interrupt(context, 'The machine ended before all results were home.')
      return
    }
    context.append({
      kind: 'gave-up',
      error: toWireError(
        new SubletError(
          'unreachable',
          `The machine ended before all results were home. What had been mirrored is in ${spec.outputDir}.`,
          { cause: error },
        ),
      ),
    })
  }
}

function isGivenBack(context: StepContext): boolean {
  const { phase } = context.rental()
  return phase === 'releasing' || phase === 'released'
}

/** A job that succeeded has lost what it made, as one that was cut short; a failed one fails again. */
function mayRunAgain(context: StepContext): boolean {
  const { stop, error, interruptions, spec } = context.job()
  if (stop !== null || error !== null || interruptions >= spec.retries) return false
  return context.attempt().exitCode === 0 && !isLeaseOver(context)
}

/** An own host lives on after its lease, without the job's folders: that is no empty result. */
function refuseGivenBack(context: StepContext): void {
  if (isGivenBack(context)) throw new SubletError('unreachable', 'The machine was given back.')
}

interface Brought {
  readonly report: OutputsReport
  /** What left the machine. */
  readonly bytesSent: number
  readonly inBucket: boolean
}

/** By way of the bucket where the job says so and that works; else straight home. */
async function bring(context: StepContext, machine: Machine): Promise<Brought> {
  const stored = await storeIfWanted(context, machine)
  if (stored !== null) return { ...stored, inBucket: true }
  const report = await collectAll(context, machine)
  const { outputDir } = context.job().spec
  return {
    report: outputsReport(report, outputDir),
    bytesSent: report.bytesReceived,
    inBucket: false,
  }
}

/** Passes until all is verified, or until what cannot be had stays the same (unreadable files). */
async function collectAll(context: StepContext, machine: Machine): Promise<ReceiveReport> {
  const { clock, signal } = context
  let bytesReceived = 0
  let last = ''
  for (let same = 1; ;) {
    const report = await collectPass(context, machine, signal)
    bytesReceived += report.bytesReceived
    const state = JSON.stringify([report.warnings, report.stillChanging, report.files.length])
    same = state === last ? same + 1 : 1
    last = state
    if (report.verified || same >= samePasses) return { ...report, bytesReceived }
    context.progress(0.9, 'Some results could not be verified; collecting again')
    await clock.sleep(betweenPassesRealMs / clock.realMs(1), signal)
  }
}

/** The watchdog may let go. The results are home, so a machine that does not listen goes anyway. */
async function tellCollected(context: StepContext, machine: Machine): Promise<void> {
  try {
    await new Supervisor(machine).markCollected(context.attempt().id, { signal: context.signal })
  } catch (thrown) {
    context.signal.throwIfAborted()
    context.log.warn({ error: toWireError(thrown) }, `${context.jobId}: not marked as collected`)
  }
}

/** One verified pass over all outputs, after the job. */
export async function collectPass(
  context: StepContext,
  machine: Machine,
  signal: AbortSignal,
): Promise<ReceiveReport> {
  const { from, state } = await collectPlaces(context, machine)
  const { clock, homeLink, feed, jobId } = context
  const attemptId = context.attempt().id
  const { offer } = context.rental()
  const learn = async (bytes: number, realMs: number): Promise<void> =>
    await homeLink.speeds.learn(offer, bytes, realMs / clock.realMs(1))
  const pace = new LinePace((moved, realMs) => void learn(moved, realMs))
  const report = await collectTree(machine, from, context.job().spec.outputDir, {
    state,
    verify: true,
    signal,
    onProgress: ({ bytesDone, bytesTotal, bytesTravelled }) => {
      pace.travelled(bytesTravelled)
      feed.weighed(jobId, {
        attemptId,
        totalBytes: reckonedBytes(bytesTotal),
        missingBytes: reckonedBytes(Math.max(0, bytesTotal - bytesDone)),
        uncountedBytes: bytesTravelled,
        isLast: true,
      })
      const fraction = bytesTotal === 0 ? 1 : bytesDone / bytesTotal
      context.progress(
        fraction,
        `Bringing the results home, ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`,
      )
    },
  })
  await learn(report.bytesReceived, report.durationMs)
  return report
}

function outputsReport(report: ReceiveReport, outputDir: string): OutputsReport {
  const warnings = report.warnings.map((warning) => warning.sentence)
  if (report.files.length === 0) {
    warnings.push(
      'The job left no results: it wrote nothing to $SUBLET_OUTPUT and changed nothing in its work folder.',
    )
  }
  if (!report.verified) {
    warnings.push('Not everything could be compared with the machine; see the warnings above.')
  }
  if (report.stillChanging.length > 0) {
    warnings.push(
      `${formatCount(report.stillChanging.length, 'file')} changed while being copied to ${outputDir}.`,
    )
  }
  return {
    files: report.files.length,
    bytes: report.files.reduce((sum, file) => sum + file.size, 0),
    verified: report.verified,
    warnings,
  }
}
