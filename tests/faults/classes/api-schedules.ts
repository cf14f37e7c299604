import { PassThrough } from 'node:stream'
import { broke, held, type FaultClass, type Injection } from '../fault-class.ts'
import { manyJobs, type ManyJobs } from '../schedules/many-jobs.ts'
import { runSchedule } from '../schedules/run-schedule.ts'
import { fewSchedules, nameOf, schedules, type Schedule } from '../schedules/schedule.ts'

/** The sandbox's minutes pass in seconds: there are boots that never end. */
const speed = 20
const sizes = {
  seed: { jobs: 4, lanes: 1 },
  full: { jobs: 20, lanes: 2 },
} as const
/** An engine and its sandbox serve so many schedules, one after the other. */
const perEngine = 25
const all = 200

/** Jobs side by side, while the cloud misbehaves in one or two of its ways. */
export const faultClass: FaultClass = {
  name: 'a cloud that misbehaves, 20 jobs at once',
  promise:
    'Whatever the cloud answers, every job ends with its results or with a clear sentence, each machine is launched once and proven gone, and the ledger equals the cloud’s bill to the micro-dollar.',
  injections: async function* ({ size, seed, signal, say }) {
    const wanted = size === 'seed' ? fewSchedules(seed) : schedules(seed, all)
    const { jobs, lanes } = sizes[size]
    const queue = [...wanted]
    say(`${wanted.length} schedules of ${jobs} jobs`)
    // A stream, because lanes finish schedules whenever they do.
    const told = new PassThrough({ objectMode: true })
    const working = Promise.all(
      Array.from({ length: lanes }, () =>
        lane(queue, jobs, signal, (injection) => told.write(injection)),
      ),
    ).finally(() => told.end())
    for await (const injection of told) yield injection as Injection
    await working
  },
}

/** Takes schedules off the queue until it is empty, on one engine after the other. */
async function lane(
  queue: Schedule[],
  jobs: number,
  signal: AbortSignal,
  tell: (injection: Injection) => void,
): Promise<void> {
  while (queue.length > 0 && !signal.aborted) {
    const engine = await manyJobs(speed)
    try {
      for (let used = 0; used < perEngine && !signal.aborted; used += 1) {
        const schedule = queue.shift()
        if (schedule === undefined) return
        const injection = await inject(engine, schedule, jobs, signal)
        tell(injection)
        // What is left of it must not be counted against the next ones.
        if (!injection.survived) break
      }
    } finally {
      await engine.stop()
    }
  }
}

async function inject(
  engine: ManyJobs,
  schedule: Schedule,
  jobs: number,
  signal: AbortSignal,
): Promise<Injection> {
  try {
    const outcome = await runSchedule(engine, schedule, jobs, speed, signal)
    const { what, problems, leaked, lost } = outcome
    if (problems.length === 0) return held(what)
    return broke(what, problems.join(' '), { leaked, lost })
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    return broke(`seed ${schedule.seed}, ${nameOf(schedule)}`, why)
  }
}
