import { reckonedBytes } from '../domain/collection.ts'
import type { Machine } from '../machine/machine.ts'
import { mirrorPass, type MirrorOptions, type MirrorReport } from '../transfer/mirror/pass.ts'
import { collectPlaces } from './collect-places.ts'
import { LinePace } from './line-pace.ts'
import type { StepContext } from './steps/context.ts'

/**
 * One pass of the mirror for a running job; its traffic is journaled whether it ends or breaks off.
 * What the results weigh and how fast they come is known from its first moments on: the job's end
 * goes by it.
 */
export async function mirrorOnce(
  context: StepContext,
  machine: Machine,
  options: Pick<MirrorOptions, 'hot' | 'hurried' | 'maxBytes' | 'signal'>,
): Promise<MirrorReport> {
  const { clock, homeLink, jobId, feed } = context
  const attemptId = context.attempt().id
  const { offer } = context.rental()
  const { from, state, paths } = await collectPlaces(context, machine)
  const learn = async (bytes: number, realMs: number): Promise<void> =>
    await homeLink.speeds.learn(offer, bytes, realMs / clock.realMs(1))
  const pace = new LinePace((moved, realMs) => void learn(moved, realMs))
  const weigh = (totalBytes: number, missingBytes: number, uncountedBytes: number): void =>
    feed.weighed(jobId, {
      attemptId,
      totalBytes: reckonedBytes(totalBytes),
      missingBytes: reckonedBytes(missingBytes),
      uncountedBytes,
      isLast: false,
    })
  let bytes = 0
  let left: { readonly totalBytes: number; readonly missingBytes: number } | null = null
  try {
    const report = await mirrorPass(machine, from, context.job().spec.outputDir, {
      ...options,
      state,
      pinDir: `${paths.attempt}/mirror`,
      pause: async (ms, signal) => await clock.sleep(ms / clock.realMs(1), signal),
      onPart: (received) => {
        bytes += received
      },
      onProgress: (progress) => {
        left = progress
        pace.travelled(progress.bytesTravelled)
        weigh(progress.totalBytes, progress.missingBytes, progress.bytesTravelled)
      },
    })
    left = report
    await learn(report.bytesReceived, report.receivingMs)
    return report
  } finally {
    if (bytes > 0) context.appendBoth([], [{ kind: 'egress-measured', bytes }])
    if (left !== null) weigh(left.totalBytes, left.missingBytes, 0)
  }
}
