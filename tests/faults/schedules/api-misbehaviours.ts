import type { Effect, Operation } from '../../../sandbox-cloud/faults.ts'
import type { Dice } from './dice.ts'
import type { Misbehaviour } from './misbehaviour.ts'

/** Every request that the engine makes for a job. */
const anywhere: readonly Operation[] = [
  'offers',
  'launch',
  'describe',
  'list',
  'release',
  'release-disk',
  'release-extra',
  'expiry-set',
  'expiry-read',
]
/** Without these a request is never made: a disk that is left, an expiry that is not as asked. */
const cause: Readonly<Partial<Record<Operation, Effect>>> = {
  'release-disk': { kind: 'leftover-disk' },
  'release-extra': { kind: 'leftover-address' },
  'expiry-set': { kind: 'expiry-disabled' },
}
/** Where a refusal can be waited out, because the machine is there and something else holds. */
const afterLaunch: readonly Operation[] = ['list', 'release', 'expiry-set', 'expiry-read']
const launch: readonly Operation[] = ['launch']

interface Requests {
  readonly on: readonly Operation[]
  /** Most strikes on one operation. */
  readonly most?: number
  readonly mayFailWith?: RegExp
}

/** Plants the effect on some operations, a few times each. */
function onRequests(
  name: string,
  effect: (dice: Dice) => Effect,
  { on, most, mayFailWith }: Requests,
): Misbehaviour {
  return {
    name,
    ...(mayFailWith === undefined ? {} : { mayFailWith }),
    plant: async ({ sandbox, dice, jobs }) => {
      const planted = []
      for (const operation of dice.some(on, dice.between(1, 3))) {
        const remaining = dice.between(1, most ?? jobs)
        const because = cause[operation]
        if (because !== undefined) await sandbox.fault(because, { remaining })
        await sandbox.fault(effect(dice), { operation, remaining })
        planted.push(`${remaining} × ${operation}`)
      }
      return planted.join(', ')
    },
  }
}

const statuses = [500, 502, 503, 504] as const
const refused = /denies this account the permission/
const wrongKey = /refuses its access key/

/** Misbehaviour of the cloud's API, answer by answer. */
export const apiMisbehaviours: readonly Misbehaviour[] = [
  onRequests('latency', (dice) => ({ kind: 'latency', ms: dice.between(20, 3_000) }), {
    on: anywhere,
  }),
  ...(['before', 'after'] as const).flatMap((when) => [
    onRequests(`error ${when}`, (dice) => ({ kind: 'error', when, status: dice.oneOf(statuses) }), {
      on: anywhere,
    }),
    // Each costs the engine's whole patience with a request, so there are fewer.
    onRequests(`timeout ${when}`, () => ({ kind: 'timeout', when }), { on: anywhere, most: 3 }),
    onRequests(`disconnect ${when}`, () => ({ kind: 'disconnect', when }), { on: anywhere }),
  ]),
  onRequests('garbage', () => ({ kind: 'garbage' }), { on: anywhere }),
  onRequests(
    'captive portal',
    (dice) => ({ kind: 'captive-portal', status: dice.oneOf([200, 302] as const) }),
    { on: anywhere },
  ),
  onRequests('rate limit', () => ({ kind: 'rate-limit', retryAfterMs: null }), { on: anywhere }),
  onRequests(
    'rate limit with Retry-After',
    (dice) => ({ kind: 'rate-limit', retryAfterMs: dice.oneOf([1_000, 2_000, 3_000]) }),
    { on: anywhere },
  ),
  // Fewer than there are offers within the ceiling: a job that meets them all still finds one.
  onRequests('no capacity at launch', () => ({ kind: 'no-capacity' }), { on: launch, most: 4 }),
  onRequests('quota', () => ({ kind: 'quota' }), { on: launch, most: 4 }),
  onRequests('price moved at launch', () => ({ kind: 'price-moved' }), { on: launch, most: 4 }),
  onRequests('permission denied later', () => ({ kind: 'permission' }), { on: afterLaunch }),
  onRequests('access key refused later', () => ({ kind: 'bad-key' }), { on: afterLaunch }),
  onRequests('permission denied', () => ({ kind: 'permission' }), {
    on: ['launch', 'describe'],
    mayFailWith: refused,
  }),
  onRequests('access key refused', () => ({ kind: 'bad-key' }), {
    on: ['launch', 'describe'],
    mayFailWith: wrongKey,
  }),
]
