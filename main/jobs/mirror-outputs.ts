import type { MirrorStatus } from '../../preload/contract/collection.ts'
import { egressFor } from '../domain/billing.ts'
import { reckonedBytes } from '../domain/collection.ts'
import { LocalDiskFullError, toWireError } from '../domain/errors.ts'
import { formatBytes, formatMicros } from '../domain/format.ts'
import { mirrorTerms, passLimit, type MirrorTerms } from '../domain/mirror-limits.ts'
import { sumMicros } from '../domain/money.ts'
import type { Machine } from '../machine/machine.ts'
import { HotFiles } from '../transfer/mirror/rest.ts'
import type { MirrorReport } from '../transfer/mirror/pass.ts'
import { mirrorOnce } from './mirror-once.ts'
import { OwnConnection } from './own-connection.ts'
import type { StepContext } from './steps/context.ts'

/** Between passes once the provider has announced that it takes the machine back, in physical time. */
const hurriedEveryRealMs = 1_000
/** Even where passes take longer than the interval, the line home is left alone for a while. */
const leastPauseShare = 0.2

const idle: MirrorStatus = {
  state: 'waiting',
  because: null,
  lastAt: null,
  nextAt: null,
  totalBytes: null,
  missingBytes: null,
  leftOutFiles: 0,
}

/**
 * Newest outputs come home while the job runs, so that a lost machine costs one interval at most.
 * Runs until aborted; `hurry` breaks off the pass under way and begins one that brings the newest
 * checkpoint first. The log's own connection is left alone.
 */
export async function mirrorOutputs(
  context: StepContext,
  machine: Machine,
  hurry: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  const { clock, feed, jobId } = context
  const own = new OwnConnection(machine)
  const hot = new HotFiles()
  let status = feed.mirrorOf(jobId) ?? idle
  const tell = (change: Partial<MirrorStatus>): void => {
    status = { ...status, ...change }
    feed.mirror(jobId, status)
  }
  let tookRealMs = 0
  try {
    for (;;) {
      const terms = mirrorTerms(context.homeLink.mirror(), context.job().spec.mirror)
      const because = terms.off ? 'It is turned off.' : await context.homeLink.metered(signal)
      const waitMs = hurry.aborted ? hurriedEveryRealMs : pauseMs(terms, tookRealMs)
      if (because === null) {
        tell({
          state: 'waiting',
          because,
          nextAt: Math.round(clock.now() + waitMs / clock.realMs(1)),
        })
      } else {
        tell({ state: 'off', because, nextAt: null })
        if (!terms.off) warnOnce(context, `${because} ${onlyAtTheEnd}`)
      }
      const woken = hurry.aborted ? signal : AbortSignal.any([signal, hurry])
      await clock.sleep(waitMs / clock.realMs(1), woken).catch(() => undefined) // Woken.
      signal.throwIfAborted()
      if (because !== null) continue
      tell({ state: 'copying', nextAt: null })
      const beganRealMs = performance.now()
      const report = await onePass(context, own, hot, terms, hurry, signal)
      tookRealMs = performance.now() - beganRealMs
      if (report === null) continue
      tell({
        lastAt: Math.round(clock.now()),
        totalBytes: reckonedBytes(report.totalBytes),
        missingBytes: reckonedBytes(report.missingBytes),
        leftOutFiles: report.leftOut.files,
      })
    }
  } finally {
    own.close()
    feed.mirror(jobId, null)
  }
}

const onlyAtTheEnd =
  'So results come home at the end only; a machine that vanishes takes them with it.'

function pauseMs({ everyMs }: MirrorTerms, tookRealMs: number): number {
  return Math.max(everyMs - tookRealMs, everyMs * leastPauseShare)
}

/** Null for a pass that was broken off by a spot notice, or by a full disk here. */
async function onePass(
  context: StepContext,
  own: OwnConnection,
  hot: HotFiles,
  terms: MirrorTerms,
  hurry: AbortSignal,
  signal: AbortSignal,
): Promise<MirrorReport | null> {
  const hurried = hurry.aborted
  const until = hurried ? signal : AbortSignal.any([signal, hurry])
  const { billing } = context.rental().offer
  const limit = passLimit(terms, billing.egressMicrosPerGib, trafficMicros(context))
  try {
    const machine = await own.get(until)
    const report = await mirrorOnce(context, machine, {
      hot,
      hurried,
      maxBytes: limit.bytes,
      signal: until,
    })
    if (report.leftOut.files > 0) warnOnce(context, leftOutSentence(limit.by, terms))
    return report
  } catch (thrown) {
    signal.throwIfAborted()
    if (until.aborted) return null
    if (!(thrown instanceof LocalDiskFullError)) throw thrown
    // The final pass repeats and says it; the job must not suffer from a full disk here.
    context.log.warn({ error: toWireError(thrown) }, `${context.jobId}: mirroring failed`)
    return null
  }
}

/** What traffic out of the job's machines has cost so far. */
function trafficMicros(context: StepContext): number {
  const ids = new Set(context.job().attempts.map(({ rentalId }) => rentalId))
  return sumMicros(
    [...ids].map((id) => {
      const { offer, egressBytes } = context.journal.rental(id)
      return egressFor(offer.billing, egressBytes)
    }),
  )
}

function leftOutSentence(by: 'size' | 'cost' | null, terms: MirrorTerms): string {
  return by === 'cost'
    ? `Copies of the results home have used the ${formatMicros(terms.maxCostMicros ?? 0)} that their traffic may cost; what the job writes from now on comes home at the end.`
    : `More results changed than the ${formatBytes(terms.maxBytes ?? 0)} that one copy home may bring; the newest checkpoints come first, the rest comes home at the end.`
}

function warnOnce(context: StepContext, sentence: string): void {
  if (!context.job().warnings.includes(sentence)) context.append({ kind: 'warned', sentence })
}
