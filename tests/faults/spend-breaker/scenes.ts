import type { JobDetail } from '../../../preload/contract/job.ts'
import type { MoneyStage, StageTime } from './money-stage.ts'

/** `cpu-2` in its cheapest region, an hour. */
const hourMicros = 42_000

export interface Scene {
  readonly name: string
  readonly time: StageTime
  /** The most that the sandbox may bill in all, and in one day; null: no limit. */
  readonly most: { readonly total: number | null; readonly day: number | null }
  /** At least this share of it must have been of use: a breaker that stops at once proves nothing. */
  readonly used: number
  /** Plays to the end; answers every broken promise in a sentence. */
  play(stage: MoneyStage): Promise<readonly string[]>
}

const morning = 9 * 60
/** What is kept for collecting at the least; at the clock of real jobs it is physical time. */
const collectReserveMs = 60_000

const endless = 'while :; do sleep 0.2; done\n'
const ignoresTerm = `trap '' TERM\n${endless}`
const savesOnSignal = `trap 'cp state.bin "$SUBLET_OUTPUT/part" && mv "$SUBLET_OUTPUT/part" "$SUBLET_OUTPUT/checkpoint"' USR1
while :; do sleep 0.2 & wait $!; done
`
/** Only a job that declares the signal is sent it while it does not catch it: here a child saves. */
const hours = (count: number): number => Math.round(count * hourMicros)
const usd = (amount: number): string => (amount / 1_000_000).toFixed(6)

/** Small and quick, for every run of the tests. */
export const seedScene: Scene = {
  name: 'a day budget ends a job that saves its checkpoint',
  time: { speed: 50, startsAtMinute: morning },
  most: { total: hours(0.2), day: hours(0.2) },
  used: 0.3,
  play: async (stage) => {
    await stage.budget('day', hours(0.2))
    const job = await stage.submit(savesOnSignal, { grace: '20s', afterExit: '4m' })
    return [
      ...stoppedByBudget(await stage.untilSettled(job), 'the daily budget'),
      ...((await stage.isHome(1, 'checkpoint')) ? [] : ['Its checkpoint is not at home.']),
    ]
  },
}

/** All that the issue promises. */
export const scenes: readonly Scene[] = [
  {
    name: 'a job budget, and a job that ignores TERM',
    time: { speed: 60, startsAtMinute: morning },
    most: { total: hours(1), day: null },
    used: 0.5,
    play: async (stage) => {
      const job = await stage.submit(ignoresTerm, { budget: usd(hours(1)) })
      return stoppedByBudget(await stage.untilSettled(job), "the job's budget")
    },
  },
  {
    name: 'a day budget, and a job that catches USR1',
    time: { speed: 60, startsAtMinute: morning },
    most: { total: hours(1), day: hours(1) },
    used: 0.5,
    play: async (stage) => {
      await stage.budget('day', hours(1))
      const job = await stage.submit(savesOnSignal)
      return [
        ...stoppedByBudget(await stage.untilSettled(job), 'the daily budget'),
        ...((await stage.isHome(1, 'checkpoint')) ? [] : ['Its checkpoint is not at home.']),
      ]
    },
  },
  {
    name: 'a month budget that three jobs share',
    time: { speed: 60, startsAtMinute: morning },
    most: { total: hours(3), day: null },
    used: 0.4,
    play: async (stage) => {
      await stage.budget('month', hours(3))
      const jobs = [
        await stage.submit(savesOnSignal, { maxDuration: '50m' }),
        await stage.submit(savesOnSignal),
        await stage.submit(ignoresTerm),
      ]
      const ended = await Promise.all(jobs.map((job) => stage.untilSettled(job)))
      return ended.flatMap((detail, index) => [
        ...(detail.summary.startedAt === null ? [`Job ${index + 1} never ran.`] : []),
        ...(detail.outputs === null ? [`The results of job ${index + 1} are not at home.`] : []),
      ])
    },
  },
  {
    name: 'a day budget over midnight',
    time: { speed: 90, startsAtMinute: 23 * 60 + 25 },
    most: { total: null, day: hours(0.75) },
    used: 0.5,
    play: async (stage) => {
      await stage.budget('day', hours(0.75))
      const job = await stage.submit(savesOnSignal)
      const detail = await stage.untilSettled(job)
      const { days } = await stage.bill()
      return [
        ...stoppedByBudget(detail, 'the daily budget'),
        ...(days.length === 2 ? [] : [`It cost money on ${days.length} days.`]),
      ]
    },
  },
  {
    name: 'the engine gone for good half-way',
    time: { speed: 60, startsAtMinute: morning },
    most: { total: hours(1), day: hours(1) },
    used: 0.5,
    play: async (stage) => {
      await stage.budget('day', hours(1))
      const job = await stage.submit(savesOnSignal)
      return await aloneToTheEnd(stage, job)
    },
  },
  {
    name: 'the engine gone for good, on a machine that only its watchdog ends',
    time: { speed: 8, startsAtMinute: morning },
    most: { total: hours(0.2), day: hours(0.2) },
    used: 0.3,
    play: async (stage) => {
      await stage.budget('month', hours(0.2))
      await stage.budget('day', hours(0.2))
      await stage.sandbox.fault({ kind: 'expiry-disabled' }, { remaining: null })
      const job = await stage.submit(savesOnSignal, { grace: '20s', afterExit: '4m' })
      return await aloneToTheEnd(stage, job)
    },
  },
  {
    name: 'a price that moves while the machine is rented',
    time: { speed: 60, startsAtMinute: morning },
    most: { total: hours(1), day: hours(1) },
    used: 0.5,
    play: async (stage) => {
      await stage.budget('day', hours(1))
      await stage.sandbox.fault({ kind: 'latency', ms: 4_000 }, { operation: 'launch' })
      const job = await stage.submit(savesOnSignal, { maxPrice: usd(hourMicros * 2) })
      await stage.until(
        async () => (await stage.show(job)).summary.state === 'launching',
        'the launch',
      )
      for (const region of ['us-east', 'us-west', 'eu-west', 'eu-north', 'ap-south']) {
        const type = 'cpu-2'
        const microsPerHour = Math.round(hourMicros * 1.6)
        await stage.sandbox.post('prices', { type, region, spot: false, microsPerHour })
      }
      const detail = await stage.untilSettled(job)
      return stoppedByBudget(detail, 'the daily budget')
    },
  },
  {
    // Round trips take physical time, which this clock makes long: each of 0.24 s is 5 s here, and
    // would be 15 s at 60 times, where the minute that is kept for collecting has room for four.
    name: 'a machine so slow that collecting takes long',
    time: { speed: 20, startsAtMinute: morning },
    most: { total: hours(0.6), day: hours(0.6) },
    used: 0.4,
    play: async (stage) => {
      await stage.budget('day', hours(0.6))
      const job = await stage.submit(savesOnSignal, { afterExit: '20m' })
      const { summary } = await stage.untilRuns(job)
      await stage.sandbox.machine(summary.rentalId ?? '', 'network', { delayMs: 120 })
      await stage.until(async () => (await stage.show(job)).summary.stop !== null, 'the stop')
      const stoppedAtMs = performance.now()
      const detail = await stage.untilSettled(job)
      const tookMs = performance.now() - stoppedAtMs
      return [
        ...stoppedByBudget(detail, 'the daily budget'),
        ...((await stage.isHome(1, 'checkpoint')) ? [] : ['Its checkpoint is not at home.']),
        ...(tookMs < collectReserveMs
          ? []
          : [`Ending it took ${Math.round(tookMs)} ms over this line, by any clock.`]),
      ]
    },
  },
  {
    name: 'a budget that is lowered while its job runs',
    time: { speed: 60, startsAtMinute: morning },
    most: { total: hours(1), day: hours(1) },
    used: 0.3,
    play: async (stage) => {
      await stage.budget('day', hours(4))
      const job = await stage.submit(savesOnSignal)
      await stage.untilRuns(job)
      await stage.budget('day', hours(1))
      return stoppedByBudget(await stage.untilSettled(job), 'the daily budget')
    },
  },
]

/** The engine dies half-way and stays away until the machine has gone; only then is it let settle. */
async function aloneToTheEnd(stage: MoneyStage, job: string): Promise<readonly string[]> {
  const { summary } = await stage.untilRuns(job)
  const halfWay = stage.now() + ((summary.endBy ?? 0) - stage.now()) / 2
  await stage.until(() => stage.now() >= halfWay, 'half of its time')
  await stage.killEngine()
  await stage.until(
    async () => (await stage.sandbox.machines()).every(({ endedAt }) => endedAt !== null),
    'the machine to end by itself',
  )
  await stage.untilSettled(job)
  return []
}

function stoppedByBudget({ summary, outputs }: JobDetail, name: string): string[] {
  const { error, stop } = summary
  return [
    ...(error?.code === 'budget' ? [] : [`It ended with ${JSON.stringify(error)}.`]),
    ...(stop?.sentence?.includes(name) === true
      ? []
      : [`It does not say that ${name} is used up: ${JSON.stringify(stop)}.`]),
    ...(outputs === null ? ['Its results are not at home.'] : []),
  ]
}
