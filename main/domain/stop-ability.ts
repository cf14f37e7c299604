import type { StopAbility } from '../../preload/contract/account.ts'
import type { Ability } from './lease.ts'

type Levels = StopAbility['levels']

const holding: Readonly<Record<Levels[number]['level'], string>> = {
  provider: 'The provider ends each machine at its end time.',
  machine: 'A watchdog on the machine ends it.',
  client: 'This computer ends it while it is running.',
}

/** Who could end a machine of an account, from what its provider says of itself. */
export function stopAbility(able: {
  readonly expiry: Ability
  readonly selfTermination: Ability
  readonly client: Ability
}): StopAbility {
  const level = (name: Levels[number]['level'], ability: Ability): Levels[number] => ({
    level: name,
    holds: ability === true,
    because: ability === true ? holding[name] : ability,
  })
  const levels = [
    level('provider', able.expiry),
    level('machine', able.selfTermination),
    level('client', able.client),
  ]
  return { stopsByItself: levels.some((one) => one.level !== 'client' && one.holds), levels }
}

/** `yes, the provider and the machine itself` or `NO, because …`, after "Stops by itself: ". */
export function stopAbilityWords({ stopsByItself, levels }: StopAbility): string {
  const elsewhere = levels.filter((one) => one.level !== 'client')
  if (!stopsByItself) {
    // A provider that nobody knows has one sentence for all levels.
    return `NO. ${[...new Set(elsewhere.map((one) => one.because))].join(' ')}`
  }
  const names = { provider: 'the provider', machine: 'the machine itself', client: '' }
  const who = elsewhere.filter((one) => one.holds).map((one) => names[one.level])
  return `yes, by ${who.join(' and ')}`
}
