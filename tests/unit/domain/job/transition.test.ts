import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEnded } from '../../../../preload/contract/job-state.ts'
import { SubletError } from '../../../../main/domain/errors.ts'
import { nextAction, outcomeOf } from '../../../../main/domain/job/next-action.ts'
import { lastAttempt, type JobRecord } from '../../../../main/domain/job/record.ts'
import { holdsRental } from '../../../../main/domain/job/holds-rental.ts'
import { transition } from '../../../../main/domain/job/transition.ts'
import {
  attemptIdOf,
  attemptStarted,
  eventsOf,
  fold,
  fresh,
  happyPath,
} from '../../../support/job-events.ts'

/** Walks at random: at each point one of the events that the record allows. */
const walks = fc.array(fc.nat(), { maxLength: 60 }).map((choices) => {
  const visited: JobRecord[] = [fresh()]
  let job = fresh()
  choices.forEach((choice, index) => {
    const allowed = eventsOf(attemptIdOf(job)).flatMap((event) => {
      try {
        return [transition(job, event, index)]
      } catch (error) {
        expect(error).toBeInstanceOf(SubletError)
        return []
      }
    })
    const next = allowed[choice % Math.max(1, allowed.length)]
    if (next === undefined) return
    job = next
    visited.push(job)
  })
  return visited
})

describe('the job machine', () => {
  it('goes from queued to done by the plan', () => {
    const events = happyPath()
    const states = events.map((_, index) => fold(events.slice(0, index + 1)).state)
    expect(states).toEqual([
      'choosing',
      'launching',
      'booting',
      'connecting',
      'staging',
      'staging',
      'running',
      'collecting',
      'releasing',
      'releasing',
      'done',
    ])
  })

  it('skips renting and booting on a warm machine', () => {
    const job = fold(happyPath('a1', true).slice(0, 2))
    expect(job.state).toBe('connecting')
    expect(fold(happyPath('a1', true)).state).toBe('done')
  })

  it('never allows an event after the end, and always knows what comes next before it', () => {
    fc.assert(
      fc.property(walks, (visited) => {
        for (const job of visited) {
          if (isEnded(job.state)) {
            expect(nextAction(job)).toBeNull()
            for (const event of eventsOf(attemptIdOf(job))) {
              if (event.kind === 'warned') continue
              expect(() => transition(job, event, 0)).toThrow(SubletError)
            }
          } else expect(nextAction(job)).not.toBeNull()
        }
      }),
    )
  })

  it('gives back every rental that it holds before it ends by its own decision', () => {
    fc.assert(
      fc.property(walks, (visited) => {
        for (const job of visited) {
          if (nextAction(job)?.kind === 'finish') expect(holdsRental(job)).toBe(false)
        }
      }),
    )
  })

  it('keeps exactly one open entry in the timeline, and none before another', () => {
    fc.assert(
      fc.property(walks, (visited) => {
        const job = visited.at(-1)
        expect(job?.timeline.filter((entry) => entry.until === null)).toHaveLength(1)
        expect(job?.timeline.at(-1)?.until).toBeNull()
        expect(job?.timeline.at(-1)?.state).toBe(job?.state)
      }),
    )
  })

  it('does not confuse an old attempt with the present one', () => {
    const job = fold([
      ...happyPath().slice(0, 3),
      { kind: 'interrupted', attemptId: 'a1', sentence: 'gone' },
      attemptStarted('a2'),
    ])
    expect(lastAttempt(job)?.id).toBe('a2')
    expect(() =>
      transition(job, { kind: 'launched', attemptId: 'a1', instanceId: 'x' }, 0),
    ).toThrow('cannot happen')
  })
})

describe('what comes next', () => {
  it('abandons an attempt that has not run when the user stops it', () => {
    const job = fold([
      ...happyPath().slice(0, 4),
      { kind: 'stop-requested', reason: 'user', discard: false },
    ])
    expect(nextAction(job)).toEqual({ kind: 'abandon' })
  })

  it('lets a running job be stopped and collected, unless its results are to be discarded', () => {
    const running = fold(happyPath().slice(0, 7))
    expect(running.state).toBe('running')
    const stop = { kind: 'stop-requested', reason: 'user' } as const
    const gentle = transition(running, { ...stop, discard: false }, 0)
    expect(nextAction(gentle)).toEqual({ kind: 'step', step: 'run' })
    const hard = transition(gentle, { ...stop, discard: true }, 0)
    expect(nextAction(hard)).toEqual({ kind: 'abandon' })
    expect(transition(hard, { ...stop, discard: false }, 0).stop?.discard).toBe(true)
  })

  it('does not call a job stopped that was over when the stop came', () => {
    const over = fold(happyPath().slice(0, 9))
    expect(over.state).toBe('releasing')
    const late = transition(over, { kind: 'stop-requested', reason: 'user', discard: false }, 0)
    expect(late.stop?.late).toBe(true)
    expect(nextAction(late)).toEqual({ kind: 'step', step: 'release' })
    expect(outcomeOf(late)).toBe('done')
  })

  it('says how a job ends', () => {
    expect(outcomeOf(fold(happyPath().slice(0, -1)))).toBe('done')
    const stopped = fold([
      ...happyPath().slice(0, 7),
      { kind: 'stop-requested', reason: 'user', discard: false },
    ])
    expect(outcomeOf(stopped)).toBe('cancelled')
    const overBudget = fold([
      ...happyPath().slice(0, 7),
      { kind: 'stop-requested', reason: 'budget', discard: false },
    ])
    expect(outcomeOf(overBudget)).toBe('failed')
  })
})
