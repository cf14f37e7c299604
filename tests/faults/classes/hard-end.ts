import type { FaultClass } from '../fault-class.ts'
import { cases } from '../hard-end/cases.ts'
import { holdToEnd } from '../hard-end/hold-to-end.ts'
import { sideBySide } from '../side-by-side.ts'

/** Physical seconds but for `speed`; the hold is long enough that the end decides. */
const limits = {
  speed: 8,
  maxDurationS: 8,
  shortRunS: 4,
  graceS: 4,
  afterExitS: 60,
  keepWarmS: 0,
  pieces: 16,
}
const quick = { ...limits, speed: 30, maxDurationS: 2, graceS: 2, afterExitS: 3 }

export const faultClass: FaultClass = {
  name: 'the hard end',
  promise:
    'EndBy is hard: a job that ignores TERM, a collection that is too slow, a machine or a provider that cannot be reached keep no machine longer, and what is missing is said.',
  async *injections({ size }) {
    if (size === 'seed') yield await holdToEnd(cases.ignoresTerm, quick)
    else yield* sideBySide(Object.values(cases), 5, (one) => holdToEnd(one, limits))
  },
}
