import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { testUser, type TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { isTmpfsAvailable, mountTmpfs, type Tmpfs } from '../../support/tmpfs.ts'
import { readBooks } from '../books.ts'
import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'
import {
  everyMs,
  notedBy,
  writeChainJob,
  wrongResults,
  type ChainJob,
} from '../lost-machines/chain-job.ts'
import { loseMachine, type Loss, type Way } from '../lost-machines/lose.ts'
import { seededRandom } from '../engine-kills/strikes.ts'
import { watchMirror, type MirrorWatch } from '../lost-machines/watch-mirror.ts'
import { sideBySide } from '../side-by-side.ts'

/** A file that changed within these is not copied yet; a set of files rests longer. */
const restMs = 2_000 + 1_200
/** Clocks in whole seconds, and the moment that the machine takes to vanish. */
const slackMs = 1_500
/** Between the moment and the loss some time passes, in which the job must not end. */
const slowWays: ReadonlySet<Way> = new Set(['with a notice', 'after the disk at home was full'])
const moreSteps = 40

/** Machines that vanish under jobs that write checkpoints. */
export const faultClass: FaultClass = {
  name: 'machines lost under checkpoints',
  promise:
    'A vanished machine costs at most the last copy home; the job goes on elsewhere from a whole checkpoint and ends as if nothing had happened.',
  injections: async function* ({ size, seed, say }) {
    const random = seededRandom(seed)
    if (size === 'seed') {
      yield* world(['without a word'], random, 1, { steps: 26, say })
      return
    }
    const steady: readonly Way[] = [
      'without a word',
      'with a notice',
      'during a copy home',
      'while the results are collected',
    ]
    yield* world([...steady, ...steady], random, 4, { steps: 48, say })
    for (let time = 1; time <= 2; time += 1) {
      yield* world(['after the engine was killed during a copy home'], random, 1, {
        steps: 40,
        say,
      })
    }
    if (isTmpfsAvailable()) {
      yield* world(['after the disk at home was full'], random, 1, { steps: 48, say })
    } else say('a full disk is left out: it takes root to mount a small one')
  },
}

interface WorldOptions {
  readonly steps: number
  readonly say: (sentence: string) => void
}

/** One user with a home of their own, one job and one loss for each way, so many at once. */
async function* world(
  ways: readonly Way[],
  random: () => number,
  atOnce: number,
  { steps, say }: WorldOptions,
): AsyncGenerator<Injection> {
  const user = await testUser()
  let disk: Tmpfs | null = null
  try {
    const plans = ways.map((way, at) => ({
      way,
      name: `chain-${at + 1}`,
      // The machine has to go before the job ends.
      steps: slowWays.has(way) ? steps + moreSteps : steps,
      afterStep: 8 + Math.floor(random() * (steps - 16)),
    }))
    if (ways.includes('after the disk at home was full')) {
      const folder = join(user.base, 'out-chain-1')
      mkdirSync(folder)
      disk = mountTmpfs(folder, '2m')
    }
    for await (const injection of sideBySide(plans, atOnce, async (plan) => {
      const done = await oneLoss(user, plan)
      say(`${plan.name}: ${done.what}`)
      return done
    })) {
      yield injection
    }
    const books = await readBooks(user.home, user.sandbox)
    const problems = [...books.leaked, ...books.wrong]
    const lost = { leaked: books.leaked.length, lost: books.wrong.length }
    yield problems.length === 0
      ? held(`the books of ${books.machines} machines`)
      : broke('the books', problems.join(' '), lost)
  } finally {
    disk?.unmount()
    await user.stop()
  }
}

interface Plan {
  readonly way: Way
  readonly name: string
  readonly steps: number
  readonly afterStep: number
}

async function oneLoss(user: TestUser, { way, name, steps, afterStep }: Plan): Promise<Injection> {
  const what = `${way}, after step ${afterStep}`
  const job = writeChainJob(user, {
    name,
    steps,
    paceS: 0.25,
    spot: way === 'with a notice',
    bulkBytes: way === 'while the results are collected' ? 120_000_000 : 0,
  })
  const id = await user.submit([join(name, 'sublet.yaml')])
  const watch = watchMirror(user, id)
  try {
    const loss = await loseMachine(user, { ...job, id }, way, afterStep, watch)
    const ended = await eventually(
      async () => {
        const one = await user.show(id)
        return isEnded(one.summary.state) && one.summary.settled ? one : null
      },
      { timeoutMs: 120_000, everyMs: 500, what: `the end of ${name}` },
    )
    const problems = [
      ...lateness(job, loss, watch, way),
      ...(ended.summary.state === 'done' && ended.summary.exitCode === 0
        ? wrongResults(job)
        : [`it ended ${ended.summary.state}: ${ended.summary.error?.message ?? 'no error'}`]),
      ...(ended.attempts.length === 2 ? [] : [`it took ${ended.attempts.length} attempts`]),
      ...torn(job),
    ]
    if (problems.length === 0) return held(what)
    return broke(what, problems.join('; '), { lost: 1 })
  } finally {
    await watch.stop()
  }
}

/** Whether what the second attempt went on from was at most one interval older than the machine's. */
function lateness(job: ChainJob, loss: Loss, watch: MirrorWatch, way: Way): string[] {
  if (way === 'while the results are collected') return []
  const noted = notedBy(job)
  const began = noted.filter(({ what }) => what === 'began').map(({ step }) => step)
  // From the beginning of one copy to the end of the next, whichever of them had seen the file at rest.
  const intervalMs = everyMs + restMs + 2 * watch.longestMs() + slackMs + loss.graceMs
  const before = noted.filter(({ what, at }) => what === 'step' && at <= loss.at - intervalMs)
  const owed = Math.max(0, ...before.map(({ step }) => step))
  const from = began[1] ?? 0
  if (from >= owed) return []
  return [`it went on from step ${from}, though step ${owed} was ${Math.round(intervalMs)} ms old`]
}

/** What the attempts themselves found wrong with what they were to go on from. */
function torn(job: ChainJob): string[] {
  return notedBy(job)
    .filter(({ what }) => ['torn-set', 'broken-chain', 'sent-mine'].includes(what))
    .map(({ what, step }) => `the second attempt found a ${what} at step ${step}`)
}
