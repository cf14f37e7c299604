import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobRecord } from '../../../main/domain/job/record.ts'
import type { BudgetParts } from '../../../main/engine/budget-figures.ts'
import { NoticeBoard } from '../../../main/engine/notice-board.ts'
import type { Journal } from '../../../main/jobs/journal/journal.ts'
import { createSettings } from '../../../main/settings/settings.ts'
import { silentLogger } from '../../../main/domain/logger.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { settingRows } from '../../../main/store/setting-rows.ts'
import { micros, now } from '../../support/fake-facts.ts'
import { metricsSample } from '../../support/metrics-samples.ts'
import { steppingClock } from '../../support/stepping-clock.ts'

const minute = 60_000
let database: Database
let jobs: JobRecord[]
let board: NoticeBoard
let parts: BudgetParts
const clock = steppingClock(now)

beforeEach(() => {
  database = openDatabase(':memory:')
  jobs = []
  const journal = {
    onChange: () => () => undefined,
    openJobs: () => jobs,
    openRentals: () => [],
    job: (id: string) => jobs.find((job) => job.id === id),
  } as unknown as Journal
  board = new NoticeBoard(journal, clock, () => micros(0))
  const settings = createSettings(settingRows(database), silentLogger)
  parts = { clock, settings, room: { states: () => [] } }
})
afterEach(() => database.close())

function running(id: string, attemptId: string, startedAt: number): JobRecord {
  const attempt = {
    id: attemptId,
    startedAt,
    estimate: { expectedDurationMs: minute },
    offer: { microsPerHour: micros(1_000_000) },
  }
  return {
    id,
    state: 'running',
    endedAt: null,
    spec: { name: id, limits: { budgetMicros: null } },
    attempts: [attempt],
  } as unknown as JobRecord
}

test('with very many notices none is told twice', () => {
  jobs = Array.from({ length: 150 }, (_, i) => running(`job-${i}`, `a-${i}`, now - 60 * minute))
  const first = board.current(parts)
  expect(first).toHaveLength(100)
  expect(board.current(parts)).toEqual(first)
})

test('a notice that is muted goes and is not said again; it says the cost and what can be done', () => {
  jobs = [running('job-1', 'a-1', now - 60 * minute), running('job-2', 'a-2', now - 60 * minute)]
  const [first, second] = board.current(parts)
  expect(first).toMatchObject({
    kind: 'job-long',
    costMicros: 0,
    actions: ['stop', 'keep', 'open'],
  })
  expect(first?.sentence).toContain('It has cost $0.00 so far.')
  board.mute(first?.id ?? '')
  expect(board.current(parts)).toEqual([second])
})

test('a muted notice stays muted as long as its matter lasts, and is forgotten a day after it', async () => {
  const long = [running('job-1', 'a-1', now - 60 * minute)]
  jobs = long
  board.mute(board.current(parts)[0]?.id ?? '')
  for (let day = 0; day < 3; day += 1) {
    await clock.sleep(25 * 60 * minute)
    expect(board.current(parts)).toEqual([])
  }
  jobs = []
  await clock.sleep(25 * 60 * minute)
  board.current(parts)
  // Nothing of it is left: only a matter that is new would be said again.
  jobs = long
  expect(board.current(parts)).toHaveLength(1)
})

test('the idle time of one machine does not go on at the next', () => {
  const idle = (at: number) => {
    const sample = metricsSample(at, 1)
    return { ...sample, gpus: sample.gpus.map((gpu) => ({ ...gpu, utilisationPercent: 0 })) }
  }
  const idleNotices = () => board.current(parts).filter(({ kind }) => kind === 'gpu-idle')
  jobs = [running('job-1', 'a-1', now)]
  board.measured('job-1', [idle(now), idle(now + 5 * minute)])
  jobs = [running('job-1', 'a-2', now)]
  board.measured('job-1', [idle(now + 60 * minute)])
  expect(idleNotices()).toEqual([])
  board.measured('job-1', [idle(now + 81 * minute)])
  expect(idleNotices()).toHaveLength(1)
})
