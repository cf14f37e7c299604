import { describe, expect, it } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { JobSummary } from '../../../../preload/contract/job.ts'
import { createJobsList } from '../../../../renderer/features/jobs/jobs-list-store.ts'
import { filterOf, paramsOf } from '../../../../renderer/features/jobs/filter-params.ts'
import { dayWords, listRows, noFilter } from '../../../../renderer/features/jobs/list-rows.ts'
import { stepFrom } from '../../../../renderer/features/jobs/step-from.ts'
import type { JobsState } from '../../../../renderer/stores/jobs-store.ts'
import { now, queuedJob } from '../../../support/fake-facts.ts'

const dayMs = 86_400_000

function job(number: number, change: Partial<JobSummary> = {}): JobSummary {
  const id = `job-${String(number).padStart(26, '0')}`
  return { ...queuedJob, id, name: `train ${number}`, createdAt: now + number, ...change }
}

const ended = (number: number, endedAt: number, change: Partial<JobSummary> = {}): JobSummary =>
  job(number, { state: 'done', endedAt, ...change })

function words(jobs: readonly JobSummary[], filter = noFilter): string[] {
  const names = new Map(jobs.map((one) => [one.id, one.name]))
  return listRows(jobs, filter, now).map((row) =>
    row.kind === 'heading' ? `${row.words} ${row.count}` : (names.get(row.key) ?? ''),
  )
}

describe('the order of the list', () => {
  const jobs = [
    ended(1, now - 2 * dayMs),
    job(2, { state: 'running', project: 'vision' }),
    ended(3, now - 1_000),
    ended(4, now - dayMs, { state: 'failed', project: 'vision' }),
    job(5),
  ]

  it('is what runs, the newest first, then the days', () => {
    expect(words(jobs)).toEqual([
      'Active 2',
      'train 5',
      'train 2',
      'Today 1',
      'train 3',
      'Yesterday 1',
      'train 4',
      // A comma or none, as the system's words have it.
      expect.stringMatching(/^Friday,? 27 February 2026 1$/),
      'train 1',
    ])
    expect(dayWords(now, now)).toBe('Today')
  })

  it('is narrowed by words, state and project, and the address keeps that', () => {
    expect(words(jobs, { ...noFilter, project: 'vision' })).toEqual([
      'Active 1',
      'train 2',
      'Yesterday 1',
      'train 4',
    ])
    expect(words(jobs, { ...noFilter, text: 'TRAIN 4 vision' })).toEqual(['Yesterday 1', 'train 4'])
    expect(words(jobs, { ...noFilter, state: 'active' })).toHaveLength(3)
    const filter = { text: 'a b', state: 'failed' as const, project: 'x' }
    expect(filterOf(paramsOf(filter))).toEqual(filter)
    expect(paramsOf(noFilter)).toEqual({})
    expect(filterOf({ state: 'nonsense' })).toEqual(noFilter)
  })

  it('is walked by keys over the headings, and stops at both ends', () => {
    const rows = listRows(jobs, noFilter, now)
    const [first, second] = rows.filter((row) => row.kind === 'job').map((row) => row.key)
    const last = rows.at(-1)?.key
    expect(stepFrom(rows, first ?? '', 'ArrowDown', 3)).toBe(second)
    expect(stepFrom(rows, first ?? '', 'ArrowUp', 3)).toBe(first)
    expect(stepFrom(rows, first ?? '', 'End', 3)).toBe(last)
    expect(stepFrom(rows, last ?? '', 'PageDown', 3)).toBe(last)
    expect(stepFrom(rows, first ?? '', 'x', 3)).toBe(null)
  })

  it('takes 10,000 jobs in a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ended(index, now - index * 60_000))
    const before = process.cpuUsage()
    expect(listRows(many, noFilter, now).length).toBeGreaterThan(10_000)
    // The processor's time: other work on this computer does not count.
    expect(process.cpuUsage(before).user).toBeLessThan(400_000)
  })
})

describe('a list under the pointer', () => {
  const keys = (list: ReturnType<typeof createJobsList>): string[] =>
    list.store.getState().rows.map((row) => row.key)

  function start(jobs: readonly JobSummary[]) {
    const of = (all: readonly JobSummary[]): JobsState => ({
      jobs: new Map(all.map((one) => [one.id, one])),
      problem: null,
    })
    const store = createStore<JobsState>(() => of(jobs))
    const list = createJobsList(store, { now: () => now })
    const leave = list.follow()
    return { list, leave, set: (all: readonly JobSummary[]) => store.setState(of(all)) }
  }

  it('keeps its rows where they are, says how many wait, and moves them afterwards', () => {
    const { list, set } = start([job(1, { state: 'running' }), job(2, { state: 'running' })])
    list.hold(true)
    const before = keys(list)
    set([job(1, { state: 'running' }), ended(2, now), job(3)])
    expect(keys(list)).toEqual(before)
    expect(list.store.getState().waiting).toBe(2)
    list.hold(false)
    expect(keys(list)).toEqual(['active', job(3).id, job(1).id, expect.any(String), job(2).id])
    expect(list.store.getState().waiting).toBe(0)
  })

  it('does not lay out anew for progress alone', () => {
    const { list, set } = start([job(1, { state: 'running' })])
    const { rows } = list.store.getState()
    set([job(1, { state: 'running', progress: { fraction: 0.4, sentence: 'On its way' } })])
    expect(list.store.getState().rows).toBe(rows)
  })

  it('follows a filter at once, also while held, and nothing once left', () => {
    const { list, leave, set } = start([job(1), ended(2, now)])
    list.hold(true)
    list.setFilter({ ...noFilter, state: 'done' })
    expect(keys(list)).toContain(job(2).id)
    expect(keys(list)).not.toContain(job(1).id)
    list.hold(false)
    leave()
    set([])
    expect(keys(list)).toContain(job(2).id)
  })
})
