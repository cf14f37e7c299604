import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge, type Made } from '../engine-kills/judge.ts'
import { missingKinds, reachedKinds } from '../engine-kills/kinds.ts'
import { Lanes } from '../engine-kills/lanes.ts'
import { scenarios, type Scenario } from '../engine-kills/scenarios.ts'
import {
  atKind,
  everyWrite,
  randomPairs,
  seededRandom,
  type Injected,
} from '../engine-kills/strikes.ts'
import { broke, held, type FaultClass, type FaultRun, type Injection } from '../fault-class.ts'

/** Injections mostly wait, for boots and processes to end. */
const sideBySide = 3
const pairsEach = 8

/** The small run: a kill in each half of a plain job's life, on both sides of its effects. */
const seeds = [
  ['rental:launch-issued', 'after'],
  ['rental:launched', 'before'],
  ['rental:leased', 'before'],
  ['job:started', 'before'],
  ['job:collected', 'before'],
  ['rental:released', 'before'],
] as const

export const faultClass: FaultClass = {
  name: 'engine killed at every journal write',
  promise:
    'Killed with SIGKILL before or after any line of its journal or books, in every state, the engine repeats nothing, loses nothing and leaks nothing; the ledger is the bill.',
  async *injections(run) {
    const unplanned = missingKinds(reachedKinds)
    if (unplanned !== null) yield broke('the list of scenarios', unplanned)
    const cache = await mkdtemp(join(tmpdir(), 'sublet-kills-cache-'))
    const lanes = new Lanes(cache)
    const killedAt = new Set<string>()
    const random = seededRandom(run.seed)
    try {
      for (const scenario of run.size === 'seed' ? scenarios.slice(0, 1) : scenarios) {
        yield* inScenario(scenario, { run, lanes, killedAt, random })
      }
      const unreached = run.size === 'seed' ? null : missingKinds(killedAt)
      if (unreached !== null) yield broke('the kinds that were killed at', unreached)
    } finally {
      const left = await lanes.close()
      await rm(cache, { recursive: true, force: true })
      if (left.length > 0) yield broke('after the last kill', `still running: ${left.join('; ')}`)
    }
  },
}

interface Running {
  readonly run: FaultRun
  readonly lanes: Lanes
  /** Kinds of the writes that were struck. */
  readonly killedAt: Set<string>
  readonly random: () => number
}

async function* inScenario(scenario: Scenario, running: Running): AsyncIterable<Injection> {
  const { run, lanes, random } = running
  run.signal.throwIfAborted()
  const unkilled = await attempt(scenario, running, [], null)
  if (unkilled.problem !== null) {
    yield broke(`${scenario.name}, unkilled`, unkilled.problem, unkilled)
    return
  }
  const { trace, made } = unkilled
  run.say(`${scenario.name}: ${trace.length} writes`)
  const injected =
    run.size === 'seed'
      ? seeds.map(([kind, moment]) => atKind(trace, kind, moment))
      : [...everyWrite(trace), ...randomPairs(trace, pairsEach, random)]
  const all = lanes.each(injected, sideBySide, (one) => inject(scenario, one, running, made))
  for await (const injection of all) {
    run.signal.throwIfAborted()
    if (injection !== null) yield injection
  }
}

/** Null when the write did not come: two writers were in another order than without a kill. */
async function inject(
  scenario: Scenario,
  { what, strikes }: Injected,
  running: Running,
  reference: Made | null,
): Promise<Injection | null> {
  const name = `${scenario.name}: killed ${what}`
  for (const isLast of [false, false, true]) {
    const { struck, problem, leaked, lost } = await attempt(scenario, running, strikes, reference)
    if (problem !== null) return broke(name, problem, { leaked, lost })
    for (const line of struck) {
      for (const kind of line.split(' ').at(-1)?.split('+') ?? []) running.killedAt.add(kind)
    }
    if (struck.length > 0) return held(name, struck.length)
    if (isLast) running.run.say(`${name}: did not come up in three runs`)
  }
  return null
}

interface Attempt {
  readonly trace: readonly string[]
  readonly struck: readonly string[]
  readonly made: Made | null
  readonly problem: string | null
  readonly leaked: number
  readonly lost: number
}

/** Plays a scenario once, with its kills. Whatever throws is a problem: nothing ended as promised. */
async function attempt(
  scenario: Scenario,
  { lanes, run }: Running,
  strikes: Injected['strikes'],
  reference: Made | null,
): Promise<Attempt> {
  run.signal.throwIfAborted()
  return await lanes.use(
    async (stage): Promise<Attempt> => {
      const act = await stage.begin(strikes)
      const seen = () => ({ trace: stage.trace(act.run), struck: stage.struck(act.run) })
      try {
        await scenario.play(act)
        const { made, problems, leaked, lost } = await judge(act, scenario, reference)
        const problem = problems.length === 0 ? null : problems.join('; ')
        return { ...seen(), made, problem, leaked, lost }
      } catch (thrown) {
        const cause = thrown instanceof Error ? causes(thrown) : String(thrown)
        const problem = `${cause}; open: ${stage.journal.open().join(', ') || 'nothing'}; struck ${seen().struck.join(', ')}; then ${seen().trace.slice(-3).join(', ')}`
        return { ...seen(), made: null, problem, leaked: stage.journal.open().length, lost: 0 }
      }
    },
    ({ problem }) => problem === null,
  )
}

function causes(error: Error): string {
  const { message, cause } = error
  return cause instanceof Error ? `${message} (${causes(cause)})` : message
}
