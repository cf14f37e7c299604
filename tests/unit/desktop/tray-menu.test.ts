import { expect, test } from 'vitest'
import type { MachineAtWork, Notice, Overview } from '../../../preload/contract/overview.ts'
import type { JobSummary } from '../../../preload/contract/job.ts'
import { leaveQuestion, mustAsk } from '../../../main/desktop/leave-question.ts'
import { firstState } from '../../../main/desktop/state.ts'
import type { DesktopState } from '../../../main/desktop/state.ts'
import { menuShape, trayLook, trayMenu, trayTip } from '../../../main/desktop/tray-menu.ts'
import type { TrayItem } from '../../../main/desktop/tray-menu.ts'
import { isWorking, whatStays } from '../../../main/domain/what-stays.ts'
import { idleOverview } from '../../support/desktop/idle-overview.ts'
import { micros, queuedJob } from '../../support/fake-facts.ts'

const machine: MachineAtWork = {
  rentalId: 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz',
  machine: 'A100 · Somewhere',
  jobId: queuedJob.id,
  jobName: 'train',
  microsPerHour: micros(800_000),
  simulated: false,
  stopsByItself: true,
  endsAt: null,
  because: 'The machine ends itself.',
  release: null,
}
const spend = {
  burnMicrosPerHour: micros(800_000),
  todayMicros: micros(1_500_000),
  monthMicros: micros(0),
}
const notice: Notice = {
  id: 'a',
  kind: 'job-failed',
  at: 100,
  jobId: null,
  title: 'train failed',
  sentence: 'It did.',
  costMicros: null,
  actions: ['open'],
}

function state(changed: Partial<Overview> = {}, jobs: readonly JobSummary[] = []): DesktopState {
  return {
    ...firstState,
    link: 'connected',
    overview: { ...idleOverview, ...changed },
    jobs: new Map(jobs.map((job) => [job.id, job])),
  }
}

const labels = (items: readonly TrayItem[]): string[] =>
  items.flatMap((item) => ('label' in item ? [item.label] : ['-']))

const job = (id: string, changed: Partial<JobSummary>): JobSummary => ({
  ...queuedJob,
  id: `job-01k9zzzzzzzzzzzzzzzzzzzz0${id}`,
  ...changed,
})

test('an idle app offers to open and to quit', () => {
  const idle = state()
  expect(labels(trayMenu(idle))).toEqual([
    'Nothing is billed now, $0.00 today',
    '-',
    'Open Sublet',
    'Quit',
  ])
  expect(trayLook(idle, 0)).toBe('idle')
  expect(trayTip(idle)).toBe('Sublet: Nothing is billed now, $0.00 today')
})

test('running jobs show their cost and can be stopped', () => {
  const running = state({ machines: [machine], activeJobs: 1, spend }, [
    job('1', { state: 'running', costMicros: micros(120_000) }),
  ])
  const menu = trayMenu(running)
  expect(labels(menu)).toEqual([
    '$0.80/h now, $1.50 today',
    '-',
    'train: running, $0.12 so far',
    '-',
    'Stop everything…',
    'Open Sublet',
    'Quit',
  ])
  const entry = menu.find((item) => item.kind === 'menu')
  expect(entry?.items.map((item) => (item.kind === 'action' ? item.action : item.kind))).toEqual([
    'line',
    { kind: 'open', route: '/jobs/job-01k9zzzzzzzzzzzzzzzzzzzz01' },
    { kind: 'stop-job', jobId: 'job-01k9zzzzzzzzzzzzzzzzzzzz01' },
  ])
  expect(trayLook(running, 0)).toBe('running')
})

test('a job that is stopping is not stopped twice', () => {
  const stop = { reason: 'user' as const, discard: false, sentence: null }
  const [entry] = trayMenu(state({}, [job('1', { state: 'running', stop })])).filter(
    (item) => item.kind === 'menu',
  )
  expect(entry?.label).toContain('stopping')
  expect(labels(entry?.items ?? [])).not.toContain('Stop, results first')
})

test('recent jobs lead to the Run page, newest of each name, and never spend', () => {
  const over = [
    job('1', { state: 'done', name: 'a', createdAt: 1 }),
    job('2', { state: 'failed', name: 'a', createdAt: 2 }),
    job('3', { state: 'done', name: 'b', createdAt: 3 }),
  ]
  const again = trayMenu(state({}, over)).find((item) => item.kind === 'menu')
  expect(again?.items.map((item) => (item.kind === 'action' ? item.action : null))).toEqual([
    { kind: 'open', route: '/run?template=job-01k9zzzzzzzzzzzzzzzzzzzz03' },
    { kind: 'open', route: '/run?template=job-01k9zzzzzzzzzzzzzzzzzzzz02' },
  ])
})

test('a machine that would not stop by itself is named, and asks for attention', () => {
  const unsafe = state({ machines: [{ ...machine, stopsByItself: false, because: 'No lease.' }] })
  expect(labels(trayMenu(unsafe))).toContain('Would not stop by itself: train')
  expect(trayLook(unsafe, 0)).toBe('attention')
  expect(leaveQuestion(unsafe, []).detail).toContain('train would NOT stop by itself')
})

test('what is not proven gone, and what nothing needs, are named and keep the red mark', () => {
  const release = { since: idleOverview.at - 600_000, sentence: 'Its key is refused.', red: true }
  const stuck = state({ machines: [{ ...machine, release }] })
  expect(labels(trayMenu(stuck))).toContain('Not proven gone since 16:55 UTC: train')
  expect(trayLook(stuck, Infinity)).toBe('attention')
  expect(leaveQuestion(stuck, ['2 more.']).detail).toMatch(
    /train is not proven gone since 16:55 UTC: Its key is refused\.\n\n2 more\./,
  )
  const one = { count: 1, microsPerHour: micros(1_000_000), microsPerMonth: micros(730_000_000) }
  const real = { ...idleOverview.radar.real, unused: { ...one, unpriced: 0 } }
  const leak = state({ radar: { ...idleOverview.radar, real, names: ['box (lab)'] } })
  expect(labels(trayMenu(leak))[1]).toMatch(/^1 thing of this Sublet’s that nothing needs \(box/)
  expect(trayLook(leak, Infinity)).toBe('attention')
  expect(mustAsk(leak)).toBe(true)
  expect(leaveQuestion(leak, ['One box.'])).toMatchObject({
    detail: expect.stringContaining('One box.'),
    buttons: [{ answer: 'keep' }, { answer: 'cancel' }],
  })
  expect(mustAsk(state())).toBe(false)
})

test.each([
  ['a failure that nobody saw', state({ notices: [notice] }), 50, 'attention'],
  ['a failure that was seen', state({ notices: [notice] }), 150, 'idle'],
  ['a job that is done', state({ notices: [{ ...notice, kind: 'job-done' }] }), 50, 'idle'],
  ['a lost engine', { ...state(), link: 'lost' as const }, 0, 'attention'],
  [
    'a verdict not read yet',
    state({ machines: [{ ...machine, stopsByItself: null }] }),
    0,
    'running',
  ],
])('the icon for %s', (_what, given, lookedAt, look) => {
  expect(trayLook(given, lookedAt)).toBe(look)
})

test('before the engine answers, and without it, the menu still opens and quits', () => {
  expect(labels(trayMenu(firstState))).toEqual([
    'Connecting to the engine …',
    '-',
    'Open Sublet',
    'Quit',
  ])
  const lost = labels(trayMenu({ ...firstState, link: 'lost' }))
  expect(lost[0]).toBe('The engine does not answer. Jobs go on.')
})

test('what stays alive is said in one sentence', () => {
  const none = { activeJobs: 0, rentalsWithoutReceipt: 0, burnMicrosPerHour: 0 }
  expect(isWorking(none)).toBe(false)
  expect(whatStays(none)).toBe('Nothing is running.')
  expect(whatStays({ ...none, activeJobs: 1 })).toMatch(/^1 job goes on: the engine stays/)
  expect(
    whatStays({ activeJobs: 2, rentalsWithoutReceipt: 1, burnMicrosPerHour: 800_000 }),
  ).toMatch(/^2 jobs and 1 machine at \$0\.80\/h go on: /)
})

test('a menu keeps its shape while only figures move, never when it would do something else', () => {
  const at = (id: string, seconds: number) =>
    menuShape(
      trayMenu(
        state({ machines: [machine], activeJobs: 1 }, [
          job(id, {
            state: 'running',
            costMicros: micros(seconds * 10_000),
            progress: { fraction: 0.5, sentence: `Running for ${seconds} s` },
          }),
        ]),
      ),
    )
  expect(at('1', 31)).toBe(at('1', 32))
  expect(at('1', 31)).not.toBe(at('2', 31))
})
