import { broke, held, type FaultClass, type FaultRun, type Injection } from '../fault-class.ts'
import {
  comeBacks,
  copies,
  ownLeftovers,
  strangers,
  untouched,
  type Scenario,
} from '../leaks/scenarios.ts'
import { troubles } from '../leaks/troubles.ts'
import { leakWorld, type LeakWorld } from '../leaks/world.ts'

/** What the leak radar promises, over every way in which something can go on costing money. */
export const faultClass: FaultClass = {
  name: 'leaks on the accounts',
  promise:
    'A round of the radar finds everything that costs money; what the journal knows ends with a receipt, what it does not is untouched until its name is typed.',
  async *injections(run) {
    const world = await leakWorld()
    try {
      const rounds = run.size === 'full' ? 4 : 1
      for (let round = 0; round < rounds; round += 1) {
        yield* together(world, atOnce(), run)
      }
      if (run.size === 'full') {
        for (const scenario of troubles()) yield* together(world, [scenario], run)
      }
      yield await judged('strangers and books, when all was over', () => atTheEnd(world))
    } finally {
      await world.close()
    }
  },
}

const atOnce = (): readonly Scenario[] => [
  ...copies(),
  ...ownLeftovers(),
  ...comeBacks(),
  ...strangers(),
]

/** Plants all of them while the engine is down, and then lets them happen side by side. */
async function* together(
  world: LeakWorld,
  scenarios: readonly Scenario[],
  run: FaultRun,
): AsyncGenerator<Injection> {
  run.say(scenarios.length === 1 ? (scenarios[0]?.what ?? '') : `${scenarios.length} leaks at once`)
  await world.restart(async (rent) => {
    for (const scenario of scenarios) await scenario.down?.(world, rent)
  })
  yield* await Promise.all(
    scenarios.map(async ({ what, up }) => await judged(what, async () => await up(world))),
  )
}

async function judged(what: string, check: () => Promise<void>): Promise<Injection> {
  try {
    await check()
    return held(what)
  } catch (thrown) {
    return broke(what, thrown instanceof Error ? thrown.message : String(thrown), { leaked: 1 })
  }
}

async function atTheEnd(world: LeakWorld): Promise<void> {
  const there = new Set((await world.sandbox.billables()).map(({ id }) => id))
  const missing = [...untouched(world)].filter((id) => !there.has(id))
  const wrong = [
    ...missing.map((id) => `${id} is not ours and was ended.`),
    ...(await world.untrueBooks()),
  ]
  if (wrong.length > 0) throw new Error(wrong.join(' '))
}
