import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import { openDatabase } from '../../../main/store/open.ts'
import {
  DoubtfulCloud,
  launchOutcomes,
  visibleWithinMs,
  type LaunchFate,
} from '../../support/doubtful-cloud.ts'
import { now } from '../../support/fake-facts.ts'
import { submitted } from '../../support/job-events.ts'
import { MortalJobs, type Death } from '../../support/mortal-jobs.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'

interface Life {
  readonly fates: readonly LaunchFate[]
  /** One engine after the other dies here; the last one lives on. */
  readonly deaths: readonly Death[]
  /** How long nobody starts the next engine. */
  readonly awayMs: readonly number[]
  /** The user stops the job just after so many appends, and so long after its submission. */
  readonly stopAfterAppends: number | null
  readonly stopAfterMs: number | null
}

const lives: fc.Arbitrary<Life> = fc.record({
  fates: fc.array(
    fc.record({
      outcome: fc.constantFrom(...launchOutcomes),
      latencyMs: fc.integer({ min: 0, max: 8_000 }),
      hiddenMs: fc.integer({ min: 0, max: visibleWithinMs }),
    }),
    { maxLength: 4 },
  ),
  deaths: fc.array(fc.record({ atAppend: fc.integer({ min: 1, max: 9 }), written: fc.boolean() }), {
    maxLength: 4,
  }),
  awayMs: fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 4, maxLength: 4 }),
  stopAfterAppends: fc.option(fc.integer({ min: 1, max: 16 }), { nil: null }),
  stopAfterMs: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: null }),
})

/** Lives it to its end, and answers the cloud and the journal as the last engine left them. */
async function live({ fates, deaths, awayMs, ...wishes }: Life) {
  const database = openDatabase(':memory:')
  const clock = new VirtualClock(now)
  const cloud = new DoubtfulCloud(clock, fates)
  new Journal(database, clock).append({ job: jobId, event: submitted })
  const broken: string[] = []
  let appends = 0
  let engine: MortalJobs | null = null
  const onAppend = (journal: Journal): void => {
    appends += 1
    broken.push(...servingTwo(cloud, journal))
    if (appends === wishes.stopAfterAppends) stop(journal)
  }
  if (wishes.stopAfterMs !== null) {
    void stopLater(clock, wishes.stopAfterMs, () => engine)
  }
  for (const [index, death] of [...deaths, null].entries()) {
    const mortal: MortalJobs = new MortalJobs({ database, clock, cloud, jobId, death, onAppend })
    engine = mortal
    const over = await clock.run(() => mortal.isDead || isOver(mortal.journal))
    expect(over, 'a job that stands still').toBe(true)
    if (!mortal.isDead) break
    const until = clock.now() + (awayMs[index] ?? 0)
    void clock.sleep(until - clock.now())
    await clock.run(() => clock.now() >= until)
  }
  // What is still under way in the cloud takes effect, and must not be a machine that nobody knows.
  const later = clock.now() + 10 * visibleWithinMs
  void clock.sleep(later - clock.now())
  await clock.run(() => clock.now() >= later)
  engine?.leave()
  return { broken, cloud, journal: new Journal(database, clock), database }
}

/** As `JobDesk.requestStop` does it. */
function stop(journal: Journal): void {
  const { stop: known, endedAt } = journal.job(jobId)
  if (known !== null || endedAt !== null) return
  const event = { kind: 'stop-requested', reason: 'user', discard: false } as const
  journal.append({ job: jobId, event })
}

async function stopLater(clock: VirtualClock, afterMs: number, engine: () => MortalJobs | null) {
  await clock.sleep(afterMs)
  const living = engine()
  if (living === null || living.isDead) return
  try {
    stop(living.journal)
  } catch {
    // The engine died of it.
  }
}

function isOver(journal: Journal): boolean {
  return journal.job(jobId).endedAt !== null && journal.openRentals().length === 0
}

/** At every moment: one machine at most that is not on its way out. */
function servingTwo(cloud: DoubtfulCloud, journal: Journal): readonly string[] {
  const serving = cloud.machines.filter(({ name, endedAt }) => {
    if (endedAt !== null) return false
    const { phase } = journal.rental(name)
    return phase !== 'releasing' && phase !== 'released'
  })
  return serving.length > 1 ? [`${serving.length} machines serve the job at once`] : []
}

describe('a job on a cloud that cannot tell a repeated launch from a new one', () => {
  it('launches each rental once, whatever the answers, and wherever engines die', async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        const { broken, cloud, journal, database } = await live(life)
        try {
          expect(broken).toEqual([])
          const names = cloud.machines.map(({ name }) => name)
          expect(new Set(names).size, 'a rental with two machines').toBe(names.length)
          expect(cloud.machines.filter(({ endedAt }) => endedAt === null)).toEqual([])
          for (const name of names) expect(journal.rental(name).receipt).not.toBeNull()
          const { state, stop, error } = journal.job(jobId)
          expect(['done', 'cancelled'], error?.message).toContain(state)
          if (stop === null) expect(state).toBe('done')
        } finally {
          database.close()
        }
      }),
      { numRuns: 150 },
    )
  })
})
