import { setTimeout as delay } from 'node:timers/promises'
import type { Effect } from '../../../sandbox-cloud/faults.ts'
import { signalAll } from '../../support/sshd-processes.ts'
import type { Scene } from './scene.ts'
import type { SceneOptions } from './scene-options.ts'

/** Something that happens to the network or the clock while a job is under way. */
export interface Disturbance {
  readonly name: string
  readonly scene: SceneOptions
  /** Before the job is submitted; nothing by default. */
  prepare?(scene: Scene): Promise<void>
  /** Called while the job runs; the job may end from `openGate` on, which this has to call. */
  disturb(scene: Scene): Promise<void>
  /** What the user must have read meanwhile. */
  readonly says?: RegExp
}

const hourMs = 3_600_000
/** So that the time of an hour can be waited for. */
const fast = 240
const goesOn = /Cannot reach the machine; the job goes on there/

/** Waits for so much engine time, which is what the outage is to last. */
async function last(scene: Scene, engineMs: number): Promise<void> {
  await delay(engineMs / scene.options.speed)
}

async function everyAnswer(scene: Scene, effect: Effect): Promise<void> {
  await scene.sandbox.fault(effect, { remaining: null })
}

const jumps = [
  ['an hour forward', hourMs],
  ['an hour back', -hourMs],
  ['a day back', -24 * hourMs],
] as const

/** Zone, and a moment half an hour of engine time before its clocks change or its day ends. */
const borders = [
  ['out of daylight saving in Berlin', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
  ['into daylight saving in Berlin', 'Europe/Berlin', '2027-03-28T00:30:00Z'],
  ['out of daylight saving in New York', 'America/New_York', '2026-11-01T05:30:00Z'],
  ['into daylight saving in New York', 'America/New_York', '2027-03-14T06:30:00Z'],
  ['over the midnight of the day that has 25 hours', 'Europe/Berlin', '2026-10-25T22:30:00Z'],
] as const

export const disturbances: readonly Disturbance[] = [
  {
    name: 'the computer sleeps, wakes, and finds its connections dead',
    scene: { speed: 60 },
    disturb: async (scene) => {
      const engine = scene.enginePid()
      signalAll([engine], 'SIGSTOP')
      await scene.machine('network', { drop: true, mode: 'refuse', forMs: 8_000 })
      await scene.steps(30)
      await scene.openGate()
      await last(scene, 6 * 60_000)
      signalAll([engine], 'SIGCONT')
    },
    says: goesOn,
  },
  {
    name: 'the computer sleeps through the end of the job, its connections die without a word',
    scene: { speed: 60 },
    disturb: async (scene) => {
      const engine = scene.enginePid()
      await scene.machine('network', { mode: 'stall' })
      signalAll([engine], 'SIGSTOP')
      await scene.openGate()
      await last(scene, 10 * 60_000)
      signalAll([engine], 'SIGCONT')
      await delay(1_000)
      await scene.machine('network', { drop: true, mode: 'open' })
    },
  },
  {
    name: 'this computer gets another address: all connections end at once, three times',
    scene: { speed: 20 },
    disturb: async (scene) => {
      for (const _ of [1, 2, 3]) {
        await scene.machine('network', { drop: true })
        await scene.steps(4)
      }
      await scene.openGate()
    },
  },
  {
    name: 'the machine gets another address while its job runs, and again while it collects',
    scene: { speed: 20, sizes: [12_000_000, 3_000] },
    disturb: async (scene) => {
      await scene.machine('move')
      await scene.steps(10)
      await scene.machine('network', { delayMs: 30 })
      await scene.openGate()
      await scene.untilState('collecting', 'releasing', 'done')
      await scene.machine('move').catch(() => undefined) // It may be gone: then it moved once.
    },
  },
  {
    name: 'a network’s log-in page answers for the provider (302) and for the machine',
    scene: { speed: 20 },
    disturb: async (scene) => {
      await everyAnswer(scene, { kind: 'captive-portal', status: 302 })
      await scene.machine('network', { mode: 'portal', drop: true })
      await scene.untilSaid(goesOn)
      await scene.steps(20)
      await scene.machine('network', { mode: 'open' })
      await scene.openGate()
      await scene.untilState('releasing', 'done')
      await delay(1_500)
      await scene.sandbox.clearFaults()
    },
    says: goesOn,
  },
  {
    name: 'a network’s log-in page answers for the provider (200) from the launch on',
    scene: { speed: 20 },
    prepare: async (scene) => {
      const page = { kind: 'captive-portal', status: 200 } as const
      for (const operation of ['launch', 'describe', 'release'] as const) {
        await scene.sandbox.fault(page, { operation, remaining: 3 })
      }
    },
    disturb: async (scene) => await scene.openGate(),
    says: /log-in page of this network/,
  },
  ...jumps.map(([name, ms]) => ({
    name: `the computer’s clock is set ${name}, and right again`,
    scene: { speed: 20 },
    disturb: async (scene: Scene) => {
      await scene.jumpClock(ms)
      await scene.steps(10)
      await scene.jumpClock(0)
      await scene.jumpClock(ms)
      await scene.openGate()
      await scene.untilState('releasing', 'done')
    },
  })),
  {
    name: 'the engine dies, and the computer’s clock is a day back when the next one starts',
    scene: { speed: 20, lags: true },
    disturb: async (scene) => {
      await scene.restartEngine(async () => await scene.jumpClock(-24 * hourMs))
      await scene.steps(20)
      await scene.openGate()
    },
  },
  ...borders.map(([name, zone, at]) => ({
    name: `the job runs ${name}`,
    scene: { speed: fast, zone, startAt: Date.parse(at) },
    disturb: async (scene: Scene) => {
      await last(scene, hourMs)
      await scene.openGate()
    },
  })),
  {
    name: 'the provider’s API is down for an hour, in which the job ends',
    scene: { speed: fast },
    disturb: async (scene) => {
      await everyAnswer(scene, {
        kind: 'error',
        when: 'before',
        status: 503,
        code: 'UNAVAILABLE',
        message: 'The service is down.',
      })
      await scene.steps(10)
      await scene.openGate()
      await scene.untilState('releasing')
      await last(scene, hourMs)
      await scene.sandbox.clearFaults()
    },
  },
  {
    name: 'the provider’s API does what it is asked, but every answer is lost for an hour',
    scene: { speed: fast },
    disturb: async (scene) => {
      await everyAnswer(scene, { kind: 'disconnect', when: 'after' })
      await scene.openGate()
      await scene.untilState('releasing')
      await last(scene, hourMs)
      await scene.sandbox.clearFaults()
    },
  },
  {
    name: 'the provider throttles everything (429, Retry-After) for an hour, from the launch on',
    scene: { speed: fast },
    prepare: async (scene) => {
      const throttle = { kind: 'rate-limit', retryAfterMs: 1_000 } as const
      await scene.sandbox.fault(throttle, { operation: 'launch', remaining: 3 })
      await scene.sandbox.fault(throttle, { operation: 'describe', remaining: 3 })
    },
    disturb: async (scene) => {
      await everyAnswer(scene, { kind: 'rate-limit', retryAfterMs: 1_000 })
      await scene.openGate()
      await scene.untilState('releasing')
      await last(scene, hourMs)
      await scene.sandbox.clearFaults()
    },
  },
  {
    name: 'a slow link, late by a tenth of a second each way',
    scene: { speed: 20, sizes: [1_100_000, 3_000] },
    disturb: async (scene) => {
      await scene.machine('network', { delayMs: 100 })
      await scene.steps(10)
      await scene.openGate()
    },
  },
  {
    name: 'the link swallows everything without a word, for longer than a dead peer is believed in',
    scene: { speed: 20 },
    disturb: async (scene) => {
      await scene.machine('network', { mode: 'stall' })
      await scene.untilSaid(goesOn)
      await scene.machine('network', { mode: 'open', drop: true })
      await scene.openGate()
    },
    says: goesOn,
  },
  {
    name: 'nothing answers at the machine’s address for a while',
    scene: { speed: 20 },
    disturb: async (scene) => {
      await scene.machine('network', { mode: 'refuse', drop: true })
      await scene.untilSaid(goesOn)
      await scene.steps(20)
      await scene.openGate()
      await delay(2_000)
      await scene.machine('network', { mode: 'open' })
    },
    says: goesOn,
  },
]

/** The small run: one job through an address change of both ends, a clock that is set, and a log-in page. */
export const allAtOnce: Disturbance = {
  name: 'both addresses change, the clock is set back, and a log-in page answers at the release',
  scene: { speed: 20, sizes: [1_500_000, 3_000] },
  disturb: async (scene) => {
    await scene.machine('network', { drop: true })
    await scene.machine('move')
    await scene.jumpClock(-hourMs)
    const page = { kind: 'captive-portal', status: 302 } as const
    await scene.sandbox.fault(page, { operation: 'release', remaining: 1 })
    await scene.openGate()
  },
}
