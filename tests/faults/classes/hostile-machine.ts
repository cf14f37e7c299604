import type { FaultClass } from '../fault-class.ts'
import { floodingJob } from '../hostile/hostile-job.ts'
import { startLiar } from '../hostile/liar.ts'
import { play } from '../hostile/play.ts'
import { rawTricks } from '../hostile/raw-tricks.ts'
import { lorises, slowLoris } from '../hostile/slow-loris.ts'
import type { Trick } from '../hostile/trick.ts'
import { tricks } from '../hostile/tricks.ts'
import { sideBySide } from '../side-by-side.ts'

/** Servers that break the protocol itself: nobody gets through, and that is said in time. */
const raw: Record<string, Trick> = Object.fromEntries(
  Object.keys(rawTricks).map((name) => [
    name,
    {
      deed: 'connect',
      ends: 'refused',
      ...(name === 'raw-goodbye-in-colour' ? { seed: true } : {}),
    },
  ]),
)

export const faultClass: FaultClass = {
  name: 'hostile machine',
  promise:
    'A machine that lies about names, links, sizes, streams, answers or the protocol writes nothing outside the output folder, costs bounded memory, keeps nothing else waiting, and is met with a sentence; one that hands its results out byte by byte ends with its lease, and what was home stays.',
  async *injections({ size, signal }) {
    const liar = await startLiar()
    try {
      for (const [name, trick] of Object.entries({ ...tricks, ...raw })) {
        if (size === 'seed' && trick.seed !== true) continue
        signal.throwIfAborted()
        yield await play(liar, name, trick)
      }
      if (size === 'seed') return
      signal.throwIfAborted()
      yield await floodingJob()
      yield* sideBySide(lorises, lorises.length, slowLoris)
    } finally {
      await liar.stop()
    }
  },
}
