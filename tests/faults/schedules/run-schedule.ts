import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { formatCount } from '../../../main/domain/format.ts'
import { readBooks } from '../books.ts'
import { dice } from './dice.ts'
import type { ManyJobs, SmallJobs } from './many-jobs.ts'
import type { Stage } from './misbehaviour.ts'
import { nameOf, type Schedule } from './schedule.ts'

/** What came of a schedule. */
export interface Outcome {
  /** What was done to whom, exactly enough to see what happened. */
  readonly what: string
  readonly problems: readonly string[]
  readonly leaked: number
  readonly lost: number
  /** Jobs that may fail under it and did. */
  readonly failed: number
}

/** Longer than every patience that the planted faults can cost one job. */
const endsWithinMs = 420_000
/** Ten offers cost less than this, so that a job which meets every refusal still finds one. */
const maxPrice = 0.2

/** Runs jobs under the misbehaviours of a schedule, and holds what came of it against the promises. */
export async function runSchedule(
  engine: ManyJobs,
  schedule: Schedule,
  count: number,
  speed: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { user } = engine
  const { sandbox } = user
  const throws = dice(schedule.seed)
  const over = new AbortController()
  let jobs: SmallJobs | null = null
  const stage: Stage = {
    sandbox,
    dice: throws,
    jobs: count,
    speed,
    now: () => jobs?.now() ?? [],
    over: over.signal,
    struck: new Set(),
  }
  const planted: string[] = []
  try {
    const file = {
      maxPrice,
      env: {
        SECONDS_LONG: throws.oneOf(['0.1', '0.5', '1.5']),
        LINES_LONG: throws.between(1, 9_000),
      },
      ...(schedule.parts.some(({ spot }) => spot === true) ? { spot: true } : {}),
    }
    jobs = await engine.submit(count, file, async () => {
      for (const { name, plant } of schedule.parts) {
        if (plant !== undefined) planted.push(`${name}: ${await plant(stage)}`)
      }
    })
    const strikes = schedule.parts.map(async ({ name, strike }) =>
      strike === undefined ? [] : [`${name}: ${await strike(stage)}`],
    )
    const ended = await jobs.ended(endsWithinMs, signal)
    over.abort()
    planted.push(...(await Promise.all(strikes)).flat())
    return await judge(user, schedule, jobs, ended, planted)
  } finally {
    over.abort()
    jobs?.close()
    await sandbox.clearFaults()
    for (const { mend } of schedule.parts) await mend?.(sandbox)
  }
}

async function judge(
  user: ManyJobs['user'],
  schedule: Schedule,
  jobs: SmallJobs,
  ended: readonly JobSummary[],
  planted: readonly string[],
): Promise<Outcome> {
  const books = await readBooks(user.home, user.sandbox)
  const verdicts = ended.map((job) => verdictOn(job, schedule, jobs))
  const bad = verdicts.flatMap(({ problem }) => problem ?? [])
  const twice = jobs.startedTwice().map((place) => `${place} was started twice.`)
  return {
    what: `seed ${schedule.seed}, ${formatCount(ended.length, 'job')}, ${nameOf(schedule)} (${planted.join('; ')})`,
    problems: [...bad, ...twice, ...books.leaked, ...books.wrong],
    leaked: books.leaked.length,
    lost: books.wrong.length + verdicts.filter(({ lost }) => lost).length + twice.length,
    failed: ended.filter(({ state }) => state === 'failed').length,
  }
}

function verdictOn(
  job: JobSummary,
  { parts }: Schedule,
  jobs: SmallJobs,
): { readonly problem: string | null; readonly lost: boolean } {
  const about = `${job.name} (${job.id})`
  if (!isEnded(job.state)) {
    return { problem: `${about} is ${job.state}: ${job.progress.sentence}`, lost: false }
  }
  if (!job.settled) return { problem: `${about} has ended without its receipts.`, lost: false }
  if (job.state === 'done') {
    const wrong = jobs.problemWith(job)
    return {
      problem: wrong === null ? null : `${about} is done, but ${wrong}.`,
      lost: wrong !== null,
    }
  }
  const sentence = job.error?.message ?? ''
  const mayFail = parts.some(({ mayFailWith }) => mayFailWith?.test(sentence) === true)
  if (mayFail && job.state === 'failed' && isClear(sentence)) return { problem: null, lost: false }
  return { problem: `${about} is ${job.state}: ${sentence}`, lost: false }
}

/** One plain line of whole sentences, without what is meant for programmers. */
function isClear(sentence: string): boolean {
  const jargon = /internal|undefined|\[object|\bat \S+:\d+:\d+|^[{]|^\[[{"]|Error:/
  return /^\S[^\n]*[.?!]$/.test(sentence) && !jargon.test(sentence)
}
