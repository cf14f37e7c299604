import { nasty, nastyString } from '../nasty.ts'
import { nastyFrame } from '../nasty-frame.ts'
import type { Random } from '../random.ts'

/** What a window's port can carry, which is more than JSON: everything that structured clones hold. */
export function cloneable(random: Random): unknown {
  const inner = (): unknown => (random.chance(0.3) ? cloneable(random) : nasty(random))
  switch (random.below(18)) {
    case 0:
      return undefined
    case 1:
      return random.pick([NaN, Infinity, -Infinity, -0])
    case 2:
      return 2n ** 70n
    case 3:
      return new Date(random.pick([0, NaN, 8.64e15]))
    case 4:
      return new Map<unknown, unknown>([['environment', inner()]])
    case 5:
      return new Set([inner()])
    case 6:
      return new RegExp('(a+)+$', 'g')
    case 7:
      return Object(random.pick(['call', nastyString(random), 7, true, 5n]))
    case 8:
      return new Uint8Array(random.below(100))
    case 9:
      return new ArrayBuffer(random.below(100))
    case 10:
      return new TypeError(nastyString(random), { cause: inner() })
    case 11:
      return Object.assign([], { 5: inner(), environment: inner() })
    case 12: {
      const around: Record<string, unknown> = { environment: inner() }
      around['self'] = around
      return around
    }
    case 13:
      return new DataView(new ArrayBuffer(8))
    case 14:
      return { t: 'call', id: 1, method: 'jobs.list', input: inner() }
    default:
      return inner()
  }
}

/** An environment that the renderer would like to have, as it might get it past the relay. */
const mine = { PATH: '/tmp/evil', SSH_AUTH_SOCK: '/tmp/evil', AWS_SECRET_ACCESS_KEY: 'mine' }

function smuggled(random: Random): unknown {
  const input = random.pick<unknown>([
    { environment: mine },
    { environment: Object.assign(Object(''), mine) },
    { environment: new Map(Object.entries(mine)) },
    JSON.parse(`{"__proto__":{"environment":${JSON.stringify(mine)}}}`),
    Object.assign([], { environment: mine }),
    { environment: mine, method: 'jobs.list' },
    Object.assign(new Error('x'), { environment: mine }),
    Object.assign(new Date(), { environment: mine }),
  ])
  const word = random.pick(['call', 'open'])
  return {
    t: random.chance(0.5) ? word : random.pick<unknown>([Object(word), [word], { value: word }]),
    id: random.pick<unknown>([1, 2, Object(3)]),
    method: random.pick<unknown>(['system.doctor', Object('system.doctor')]),
    input,
    credit: 1,
  }
}

/** What a renderer may post to its port: envelopes with any frame, and what is no envelope. */
export function windowMessage(random: Random): unknown {
  const frame = random.pick([smuggled, nastyFrame, cloneable])(random)
  switch (random.below(8)) {
    case 0:
      return cloneable(random)
    case 1:
      return {
        kind: 'close',
        reason: random.pick<unknown>([nastyString(random), cloneable(random)]),
      }
    case 2:
      return { kind: random.pick<unknown>([Object('frame'), ['frame'], 'FRAME']), frame }
    default:
      return { kind: 'frame', frame }
  }
}
