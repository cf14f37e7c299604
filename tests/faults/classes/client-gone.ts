import type { FaultClass } from '../fault-class.ts'
import { sideBySide } from '../side-by-side.ts'
import type { Limits } from '../client-gone/gone-job.ts'
import { leaveAlone, type Loss } from '../client-gone/leave-alone.ts'
import { moments } from '../client-gone/moments.ts'

/** Homes whose machines are waited for at the same time. */
const atOnce = 5

const limits = { maxDurationS: 8, shortRunS: 4, graceS: 4, afterExitS: 5, keepWarmS: 14 } as const
const full: Limits = { ...limits, speed: 8 }
const seed: Limits = {
  ...limits,
  speed: 30,
  maxDurationS: 2,
  shortRunS: 1,
  graceS: 1,
  afterExitS: 2,
}

const seedLosses: readonly Loss[] = [
  { moment: 'launched, unanswered', levels: 'watchdog', behaviour: 'short' },
  { moment: 'running', levels: 'watchdog', behaviour: 'short' },
]

/** Every moment with each level knocked out in turn, and with both where they could disagree. */
function allLosses(): readonly Loss[] {
  return moments.flatMap((moment): Loss[] => {
    const quiet = moment === 'in set-up' ? 'setup' : 'short'
    if (moment !== 'running') {
      return [
        { moment, levels: 'watchdog', behaviour: quiet },
        { moment, levels: 'provider', behaviour: quiet },
      ]
    }
    return [
      { moment, levels: 'both', behaviour: 'saves' },
      { moment, levels: 'both', behaviour: 'short' },
      { moment, levels: 'watchdog', behaviour: 'short' },
      { moment, levels: 'watchdog', behaviour: 'saves' },
      { moment, levels: 'watchdog', behaviour: 'ignores' },
      { moment, levels: 'provider', behaviour: 'kills' },
    ]
  })
}

export const faultClass: FaultClass = {
  name: 'client gone for good',
  promise:
    'A machine whose client never comes back ends itself within 15 s after endBy by each level alone, at afterExit where its job has ended, and its running job is not shortened.',
  async *injections({ size, signal }) {
    const losses = size === 'seed' ? seedLosses : allLosses()
    const left = function* (): Generator<Loss> {
      for (const loss of losses) if (!signal.aborted) yield loss
    }
    yield* sideBySide(left(), atOnce, (loss) => leaveAlone(loss, size === 'seed' ? seed : full))
  },
}
