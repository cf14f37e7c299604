import { apiMisbehaviours } from './api-misbehaviours.ts'
import { dice } from './dice.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { strikesAndMarket } from './strikes.ts'
import { worldMisbehaviours } from './world-misbehaviours.ts'

/** One or two misbehaviours at the same time; all numbers in it follow from its seed. */
export interface Schedule {
  readonly seed: number
  readonly parts: readonly Misbehaviour[]
}

const misbehaviours: readonly Misbehaviour[] = [
  ...apiMisbehaviours,
  ...worldMisbehaviours,
  ...strikesAndMarket,
]

/** A few that take little time: an answer that is lost, a machine that is lost, and what is left of it. */
export function fewSchedules(seed: number): readonly Schedule[] {
  const chosen = [
    ['disconnect after', 'invisible'],
    ['vanished', 'left-over disk'],
  ]
  return chosen.map((names, at) => ({
    seed: seed * 10_000 + at,
    parts: misbehaviours.filter(({ name }) => names.includes(name)),
  }))
}

/** Each misbehaviour alone, then different pairs of them, until there are `count`. */
export function schedules(seed: number, count: number): readonly Schedule[] {
  const pairs = misbehaviours.flatMap((first, at) =>
    misbehaviours.slice(at + 1).map((second) => [first, second]),
  )
  const alone = misbehaviours.map((one) => [one])
  return [...alone, ...dice(seed).some(pairs, pairs.length)]
    .slice(0, count)
    .map((parts, at) => ({ seed: seed * 10_000 + at, parts }))
}

export const nameOf = ({ parts }: Schedule): string => parts.map(({ name }) => name).join(' + ')
