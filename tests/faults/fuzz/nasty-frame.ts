import { nasty } from './nasty.ts'
import type { Random } from './random.ts'

/** A frame of the contract as a client should not send it, or nearly should. */
export function nastyFrame(random: Random): unknown {
  const t = random.pick(['call', 'open', 'credit', 'cancel', 'hello', 'drain', '__proto__', ''])
  const method = random.pick([
    'jobs.list',
    'system.watch',
    '__proto__.constructor',
    'a.b.c',
    'jobs',
  ])
  const id = random.pick([0, 1, 1, 2, -1, 1.5, 2 ** 53, '1', null])
  if (random.chance(0.2)) return nasty(random)
  return {
    t,
    id,
    method,
    input: random.chance(0.5) ? {} : nasty(random),
    credit: random.pick([0, 1, 2 ** 40, -1]),
  }
}
