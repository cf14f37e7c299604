import type { Machine } from '../machine/machine.ts'
import { mirrorPass, type MirrorOptions, type MirrorReport } from '../transfer/mirror/pass.ts'
import { collectPlaces } from './collect-places.ts'
import type { StepContext } from './steps/context.ts'

/** One pass of the mirror for a running job; its traffic is journaled whether it ends or breaks off. */
export async function mirrorOnce(
  context: StepContext,
  machine: Machine,
  options: Pick<MirrorOptions, 'hot' | 'hurried' | 'maxBytes' | 'signal'>,
): Promise<MirrorReport> {
  const { clock, homeLink } = context
  const { from, state, paths } = await collectPlaces(context, machine)
  let bytes = 0
  try {
    const report = await mirrorPass(machine, from, context.job().spec.outputDir, {
      ...options,
      state,
      pinDir: `${paths.attempt}/mirror`,
      pause: async (ms, signal) => await clock.sleep(ms / clock.realMs(1), signal),
      onPart: (received) => {
        bytes += received
      },
    })
    await homeLink.speeds.learn(
      context.rental().offer,
      report.bytesReceived,
      report.receivingMs / clock.realMs(1),
    )
    return report
  } finally {
    if (bytes > 0) context.appendBoth([], [{ kind: 'egress-measured', bytes }])
  }
}
