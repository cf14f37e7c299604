import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from '../../support/eventually.ts'
import { broke, held, type Injection } from '../fault-class.ts'
import { doDeed, type Done, type Stage } from './deeds.ts'
import type { Liar } from './liar.ts'
import { everythingIn, linksOutOf, wrongWith, wrongWithError } from './judge.ts'
import { watchPauses } from './pauses.ts'
import { escapePath, type Trick } from './trick.ts'

const usualPatienceMs = 15_000
/** After it was told to let go, everything must be over within this time. */
const letGoMs = 5_000
/** What one trick may cost the engine in memory, and how long it may keep it from answering. */
const mostGrownMiB = 200
const longestPauseMs = 200

type Outcome = { readonly done: Done } | { readonly thrown: unknown }

/** Plays one trick against the engine's own code and judges what came of it. */
export async function play(liar: Liar, name: string, trick: Trick): Promise<Injection> {
  const stage = prepare(liar, name)
  const before = everythingIn(liar.base).filter((path) => !path.startsWith(name))
  globalThis.gc?.()
  const rssBefore = process.memoryUsage.rss()
  const watch = watchPauses()
  const patience = AbortSignal.timeout(trick.patienceMs ?? usualPatienceMs)
  let outcome: Outcome | null = null
  const trying = async (): Promise<void> => {
    outcome = await attempt(liar, name, trick, stage, patience)
  }
  await Promise.race([trying(), after(patience, letGoMs)])
  const { longestMs, mostRssBytes } = watch.stop()
  const facts = { pauseMs: longestMs, grownMiB: (mostRssBytes - rssBefore) / 2 ** 20 }
  const problem =
    wrongWithOutcome(trick, outcome, patience.aborted) ??
    wrongWithFacts(facts) ??
    wrongOnDisk(liar, name, stage, before)
  rmSync(stage.folder, { recursive: true, force: true })
  return problem === null ? held(name) : broke(name, problem.slice(0, 600))
}

function prepare(liar: Liar, name: string): Stage {
  const folder = join(liar.base, name)
  const output = join(folder, 'output')
  mkdirSync(output, { recursive: true })
  // What the user has there already, and must keep.
  writeFileSync(join(output, 'mine'), 'mine')
  return { folder, output }
}

async function attempt(
  liar: Liar,
  name: string,
  trick: Trick,
  stage: Stage,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const machine = await liar.connect(name, signal, liar.raw[name])
    try {
      return { done: await doDeed(trick.deed ?? 'receive', machine, stage, signal) }
    } finally {
      machine.close()
    }
  } catch (thrown) {
    return { thrown }
  }
}

async function after(signal: AbortSignal, ms: number): Promise<void> {
  await eventually(() => signal.aborted, { timeoutMs: 300_000, everyMs: 50 })
  const until = performance.now() + ms
  await eventually(() => performance.now() > until, { timeoutMs: ms * 2 })
}

function wrongWithOutcome(trick: Trick, outcome: Outcome | null, late: boolean): string | null {
  if (outcome === null) return `it did not let go within ${letGoMs / 1000} s of being told to`
  if (late) {
    return trick.waits === true ? null : 'it had not ended by itself when patience was over'
  }
  if ('thrown' in outcome) {
    const wrong = wrongWithError(outcome.thrown)
    if (wrong !== null) return wrong
    const message = (outcome.thrown as Error).message
    if (trick.ends === 'done') return `it failed: ${message}`
    if (trick.says !== undefined && !trick.says.test(message)) return `it only said: ${message}`
    return null
  }
  if (trick.ends === 'refused') return 'it was taken for good'
  const { sentences, arrived } = outcome.done
  for (const sentence of trick.deed === undefined || trick.deed === 'list' ? sentences : []) {
    const wrong = wrongWith(sentence)
    if (wrong !== null) return wrong
  }
  const { says } = trick
  if (says !== undefined && !sentences.some((one) => says.test(one))) {
    return `nothing says ${says}: ${JSON.stringify(sentences).slice(0, 300)}`
  }
  const missing = (trick.comes ?? []).filter(
    (path) => !arrived.includes(Buffer.from(path).toString('latin1')),
  )
  return missing.length > 0 ? `${missing.join(', ')} did not come home` : null
}

function wrongWithFacts(facts: {
  readonly grownMiB: number
  readonly pauseMs: number
}): string | null {
  if (facts.grownMiB > mostGrownMiB) return `memory grew by ${Math.round(facts.grownMiB)} MiB`
  if (facts.pauseMs > longestPauseMs) {
    return `nothing else could be answered for ${Math.round(facts.pauseMs)} ms`
  }
  return null
}

function wrongOnDisk(
  liar: Liar,
  name: string,
  stage: Stage,
  before: readonly string[],
): string | null {
  const beside = everythingIn(liar.base).filter((path) => !path.startsWith(name))
  const planted = beside.filter((path) => !before.includes(path))
  if (planted.length > 0) return `it made ${planted.join(', ')}`
  const ours = new Set(['output', 'state', 'state.new', 'data', 'blobs'])
  const strange = everythingIn(stage.folder).filter((path) => !ours.has(path.split('/')[0] ?? ''))
  if (strange.length > 0)
    return `it made ${strange.slice(0, 5).join(', ')} beside the output folder`
  if (existsSync(escapePath)) {
    rmSync(escapePath) // Or it would be laid to every later trick.
    return `it made ${escapePath}`
  }
  const links = linksOutOf(stage.output)
  if (links.length > 0) return `links lead out of the output folder: ${links.join(', ')}`
  const mine = readFileSync(join(stage.output, 'mine'), 'utf8')
  return mine === 'mine' ? null : 'it changed a file of the user'
}
