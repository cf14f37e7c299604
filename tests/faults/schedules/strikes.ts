import { setTimeout as delay } from 'node:timers/promises'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { JobState } from '../../../preload/contract/job-state.ts'
import type { SandboxControl } from '../../support/sandbox.ts'
import type { Dice } from './dice.ts'
import type { Misbehaviour, Stage } from './misbehaviour.ts'

/** States in which a job has a machine that can be struck. */
const onMachine: readonly JobState[] = ['booting', 'connecting', 'staging', 'running', 'collecting']

/** So long is a job in the wanted state waited for. */
const patienceMs = 2_000

/** Strikes the machines of some jobs, each at a moment of its life that the dice choose. */
function strikes(
  name: string,
  action: (dice: Dice) => { readonly action: string; readonly body: object },
  more: Pick<Misbehaviour, 'mayFailWith' | 'spot'> = {},
): Misbehaviour {
  return {
    name,
    ...more,
    strike: async (stage) => {
      const { sandbox, dice, jobs, over, struck } = stage
      const most = dice.between(1, Math.max(1, Math.floor(jobs / 2)))
      const done: string[] = []
      while (done.length < most && !over.aborted) {
        const job = await target(stage, dice.oneOf(onMachine))
        if (job?.rentalId == null) continue
        const chosen = action(dice)
        if (!(await struckNow(sandbox, job.rentalId, chosen.action, chosen.body))) continue
        struck.add(job.id)
        done.push(job.state)
      }
      return `${done.length} machines (${done.join(', ')})`
    },
  }
}

/** A job in that state or, where none comes into it for a while, in any; null when all is over. */
async function target(stage: Stage, state: JobState): Promise<JobSummary | null> {
  const { dice, over, struck } = stage
  const until = performance.now() + patienceMs
  while (!over.aborted) {
    const states = performance.now() < until ? [state] : onMachine
    const ready = stage.now().filter((job) => states.includes(job.state) && !struck.has(job.id))
    if (ready.length > 0) return dice.oneOf(ready)
    await delay(10)
  }
  return null
}

/** False where the machine had gone meanwhile. */
async function struckNow(
  sandbox: SandboxControl,
  name: string,
  action: string,
  body: object,
): Promise<boolean> {
  try {
    await sandbox.machine(name, action, body)
    return true
  } catch {
    return false // Its job was quicker, and it is released already.
  }
}

const changedKey = /host key/i

/** Prices and stock that change while jobs look for a machine. */
function market(
  name: string,
  path: 'prices' | 'capacity',
  change: (dice: Dice) => readonly object[],
  mayFailWith?: RegExp,
): Misbehaviour {
  return {
    name,
    ...(mayFailWith === undefined ? {} : { mayFailWith }),
    plant: async ({ sandbox, dice }: Stage) => {
      const chosen = change(dice)
      for (const one of chosen) await sandbox.post(path, one)
      return JSON.stringify(chosen)
    },
    mend: async (sandbox) => {
      await sandbox.post(path, null)
    },
  }
}

/** What the control API can do to machines, to the way to them, and to the market. */
export const strikesAndMarket: readonly Misbehaviour[] = [
  strikes('taken back without notice', () => ({ action: 'reclaim', body: {} }), { spot: true }),
  strikes(
    'taken back with notice',
    // In the sandbox's time.
    (dice) => ({ action: 'reclaim', body: { noticeMs: dice.between(20_000, 120_000) } }),
    { spot: true },
  ),
  strikes('vanished', () => ({ action: 'vanish', body: {} })),
  strikes(
    'another host key',
    (dice) => ({ action: 'host-key', body: { publish: dice.next() < 0.5 } }),
    { mayFailWith: changedKey },
  ),
  strikes('network refuses', (dice) => ({
    action: 'network',
    body: { mode: 'refuse', drop: true, forMs: dice.between(200, 3_000) },
  })),
  strikes('network stalls', (dice) => ({
    action: 'network',
    body: { mode: 'stall', forMs: dice.between(200, 3_000) },
  })),
  strikes('network asks to log in', (dice) => ({
    action: 'network',
    body: { mode: 'portal', drop: true, forMs: dice.between(200, 3_000) },
  })),
  strikes('network cut after some bytes', (dice) => ({
    action: 'network',
    body: { cutAfterBytes: dice.between(1, 60_000) },
  })),
  strikes('connections dropped', () => ({ action: 'network', body: { drop: true } })),
  strikes('another address', () => ({ action: 'move', body: {} })),
  market('nothing left of the cheapest', 'capacity', (dice) => [
    {
      type: 'cpu-2',
      count: dice.oneOf([0, 3]),
      ...(dice.next() < 0.5 ? { region: 'us-east' } : {}),
    },
  ]),
  market('the cheapest got dearer', 'prices', (dice) => [
    {
      type: 'cpu-2',
      region: dice.oneOf(['us-east', 'eu-north']),
      microsPerHour: dice.between(50_000, 400_000),
    },
  ]),
  market(
    'everything got dearer than confirmed',
    'prices',
    () => ['cpu-2', 'cpu-8'].map((type) => ({ type, microsPerHour: 900_000 })),
    /^Prices have moved|above your limit/,
  ),
]
