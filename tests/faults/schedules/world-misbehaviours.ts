import type { Effect } from '../../../sandbox-cloud/faults.ts'
import type { Dice } from './dice.ts'
import type { Misbehaviour } from './misbehaviour.ts'

/** Plants an effect on some of the machines to come. */
function onMachines(
  name: string,
  effect: (dice: Dice) => Effect,
  more: Pick<Misbehaviour, 'mayFailWith'> & { readonly most?: number } = {},
): Misbehaviour {
  const { most, ...rest } = more
  return {
    name,
    ...rest,
    plant: async ({ sandbox, dice, jobs }) => {
      const remaining = dice.between(1, most ?? jobs)
      const planted = effect(dice)
      await sandbox.fault(planted, { remaining })
      const ms = 'ms' in planted ? `, ${planted.ms} ms` : ''
      return `${remaining} machines${ms}`
    },
  }
}

const second = 1_000

/** Misbehaviour of the cloud's machines, in the sandbox's own time. */
export const worldMisbehaviours: readonly Misbehaviour[] = [
  // Up to what the provider promises as the longest time until a machine is seen.
  onMachines('invisible', (dice) => ({ kind: 'invisible', ms: dice.between(1, 15 * second) })),
  onMachines('lingering', (dice) => ({ kind: 'lingering', ms: dice.between(1, 60 * second) })),
  onMachines('slow release', (dice) => ({
    kind: 'slow-release',
    ms: dice.between(1, 60 * second),
  })),
  onMachines('slow boot', (dice) => ({ kind: 'slow-boot', ms: dice.between(1, 90 * second) })),
  onMachines('left-over disk', () => ({ kind: 'leftover-disk' })),
  onMachines('left-over address', () => ({ kind: 'leftover-address' })),
  onMachines('left-over spot request', () => ({ kind: 'leftover-spot-request' })),
  onMachines('never boots', () => ({ kind: 'never-boots' }), { most: 4 }),
  onMachines('boot fails', () => ({ kind: 'boot-fails' }), { most: 4 }),
  onMachines('expiry disabled', () => ({ kind: 'expiry-disabled' })),
  onMachines('wrong published host key', () => ({ kind: 'wrong-published-key' }), {
    mayFailWith: /host key/i,
  }),
]
