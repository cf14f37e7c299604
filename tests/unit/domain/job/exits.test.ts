import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEnded, jobStates } from '../../../../preload/contract/job-state.ts'
import { SubletError } from '../../../../main/domain/errors.ts'
import { nextAction } from '../../../../main/domain/job/next-action.ts'
import { lastAttempt } from '../../../../main/domain/job/record.ts'
import { holdsRental } from '../../../../main/domain/job/holds-rental.ts'
import { candidates, engineStep, newWorld, type JobWorld } from '../../../support/job-world.ts'

/** More than any life from its worst state to its end has. */
const longestLife = 120

/**
 * Any order of events that the job machine and the rentals allow, far beyond what the engine does;
 * now and then the engine goes a step by its plan, so that late states are reached too.
 */
const walks = fc
  .array(fc.record({ byPlan: fc.boolean(), choice: fc.nat() }), { minLength: 12, maxLength: 60 })
  .map((turns) => {
    const visited: JobWorld[] = [newWorld()]
    for (const { byPlan, choice } of turns) {
      const world = visited.at(-1) ?? newWorld()
      const allowed = candidates(world).flatMap((happen) => tried(happen) ?? [])
      const next = byPlan ? engineStep(world) : allowed[choice % Math.max(1, allowed.length)]
      if (next !== undefined && next !== null) visited.push(next)
    }
    return visited
  })

function tried(happen: () => JobWorld): JobWorld | null {
  try {
    return happen()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SubletError)
    return null
  }
}

/** Lets the engine go on from here by itself, until it has nothing left to do. */
function toTheEnd(from: JobWorld): JobWorld {
  let world = from
  for (let steps = 0; steps < longestLife; steps += 1) {
    const next = engineStep(world)
    if (next === null) return world
    world = next
  }
  throw new Error(`Still ${world.job.state} after ${longestLife} steps.`)
}

describe('a job with its rentals', () => {
  it('has an exit from every state: the job ends, and each rental gets its receipt', () => {
    const reached = new Set<string>()
    fc.assert(
      fc.property(walks, (visited) => {
        for (const world of visited) {
          reached.add(world.job.state)
          const end = toTheEnd(world)
          expect(isEnded(end.job.state)).toBe(true)
          for (const rental of end.rentals.values()) {
            expect(rental.phase).toBe('released')
            expect(rental.receipt).not.toBeNull()
          }
        }
      }),
      { numRuns: 80, seed: 4 },
    )
    expect([...reached].sort()).toEqual([...jobStates].sort())
  })

  it('is never without something to do while a rental has no receipt', () => {
    fc.assert(
      fc.property(walks, (visited) => {
        for (const world of visited) {
          const open = [...world.rentals.values()].some(({ phase }) => phase !== 'released')
          if (open || nextAction(world.job) !== null) expect(engineStep(world)).not.toBeNull()
        }
      }),
      { numRuns: 60 },
    )
  })

  it('begins no attempt while one still holds its rental', () => {
    fc.assert(
      fc.property(walks, (visited) => {
        for (const [index, world] of visited.entries()) {
          const before = visited[index - 1]
          if (before === undefined) continue
          if (world.job.attempts.length === before.job.attempts.length) continue
          expect(holdsRental(before.job)).toBe(false)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps what is known: attempts, refusals, receipts and a stop never vanish', () => {
    fc.assert(
      fc.property(walks, (visited) => {
        for (const [index, world] of visited.entries()) {
          const before = visited[index - 1]
          if (before === undefined) continue
          expect(world.job.attempts.length).toBeGreaterThanOrEqual(before.job.attempts.length)
          expect(world.job.refusals.length).toBeGreaterThanOrEqual(before.job.refusals.length)
          if (before.job.stop !== null) expect(world.job.stop).not.toBeNull()
          if (before.job.stop?.discard === true) expect(world.job.stop?.discard).toBe(true)
          if (before.job.endedAt !== null) expect(world.job.endedAt).toBe(before.job.endedAt)
          for (const [id, rental] of before.rentals) {
            const now = world.rentals.get(id)
            expect(now).toBeDefined()
            expect(count(now)).toBeGreaterThanOrEqual(count(rental))
            expect(now?.launchTries).toBeGreaterThanOrEqual(rental.launchTries)
          }
          expect(lastAttempt(world.job)?.id ?? null).not.toBe('a0')
        }
      }),
      { numRuns: 60 },
    )
  })
})

type Rental = JobWorld['rentals'] extends ReadonlyMap<string, infer R> ? R : never

function count(rental: Rental | undefined): number {
  return (rental?.earlierReceipts.length ?? 0) + (rental?.receipt === null ? 0 : 1)
}
