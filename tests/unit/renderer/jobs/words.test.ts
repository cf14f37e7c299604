import { describe, expect, it } from 'vitest'
import { type TimelineEntry } from '../../../../preload/contract/job.ts'
import { jobStates } from '../../../../preload/contract/job-state.ts'
import type { StopPreview } from '../../../../preload/contract/job-actions.ts'
import {
  extendable,
  hasMachine,
  stateTag,
  stoppable,
} from '../../../../renderer/features/jobs/job-state.ts'
import { costDetail, endingWords } from '../../../../renderer/features/jobs/job-words.ts'
import { receiptWords } from '../../../../renderer/ui/receipt-words.ts'
import { joinLocal, splitPath } from '../../../../renderer/features/jobs/local-path.ts'
import { sshCommand } from '../../../../renderer/features/jobs/ssh-words.ts'
import {
  collectWords,
  discardWords,
  orderWords,
} from '../../../../renderer/features/jobs/stop-words.ts'
import { timeSegments } from '../../../../renderer/features/jobs/time-segments.ts'
import { micros, now, queuedJob, receipt } from '../../../support/fake-facts.ts'

const running = { ...queuedJob, state: 'running' as const }
const preview: StopPreview = {
  bytes: 1_200_000_000,
  files: 3,
  collectMs: 40_000,
  collectMicros: micros(20_000),
  discardMs: 10_000,
  discardMicros: micros(5_000),
  graceMs: 30_000,
}

describe('stopping, in words', () => {
  it('says what comes home, how long it takes and what it costs at most', () => {
    expect(collectWords('running', preview)).toBe(
      'Collecting 1.2 GB in 3 files, then the machine goes back; about 40 s, at most $0.02. The job first gets up to 30 s to end by itself.',
    )
    expect(discardWords(preview)).toBe(
      '1.2 GB in 3 files would be lost; the machine goes back at once; about 10 s, at most $0.005.',
    )
    expect(collectWords('running', { ...preview, bytes: 0, files: 0, graceMs: 0 })).toMatch(
      /^Checking that all results are home, then/,
    )
  })

  it('claims nothing that is not known', () => {
    expect(collectWords('running', null)).toBe(
      'Collecting the results, then the machine goes back.',
    )
    expect(discardWords(null)).toBe('What is not home yet is lost; the machine goes back at once.')
    expect(collectWords('booting', preview)).toMatch(/nothing to collect/)
  })

  it('follows the order to its end', () => {
    const order = { discard: false, preview }
    expect(orderWords('running', order)).toMatch(/^Stopping: collecting 1\.2 GB/)
    expect(orderWords('releasing', order)).toMatch(/receipt/)
    expect(orderWords('running', { ...order, discard: true })).toMatch(/^Dropping the results/)
    expect(orderWords('booting', order)).toMatch(/^Stopping;/)
  })
})

describe('what can be done with a job', () => {
  it('never offers what would change nothing', () => {
    for (const state of jobStates) {
      const job = {
        ...queuedJob,
        state,
        stop: { reason: 'user' as const, discard: true, sentence: null },
      }
      expect(stoppable(job)).toBe('no')
      expect(extendable(job)).toBe(false)
    }
    expect(stoppable(running)).toBe('stop')
    expect(
      stoppable({ ...running, stop: { reason: 'user', discard: false, sentence: null } }),
    ).toBe('discard')
    expect(stoppable({ ...running, state: 'releasing' })).toBe('no')
    expect(extendable(running)).toBe(true)
    expect(hasMachine(running)).toBe(true)
    expect(hasMachine({ state: 'done', rentalId: running.rentalId })).toBe(false)
  })

  it('calls a job that is told to stop so until it has ended', () => {
    const stop = { reason: 'user' as const, discard: false, sentence: null }
    expect(stateTag({ state: 'collecting', stop })).toEqual({ word: 'stopping', tone: 'burn' })
    expect(stateTag({ state: 'cancelled', stop })).toEqual({ word: 'cancelled', tone: 'plain' })
  })
})

describe('figures of a job, in words', () => {
  it('names an expected total only where something says how long it runs', () => {
    const job = { ...running, costMicros: micros(10_000) }
    expect(costDetail(job)).toBe('so far of about $0.0445')
    const assumed = { micros: micros(44_500), endsAt: now, known: false }
    expect(costDetail({ ...job, expected: assumed })).toBe('so far, at most $0.40')
    expect(costDetail({ ...job, endedAt: now, settled: true })).toBe('in all')
    expect(costDetail({ ...job, endedAt: now, settled: false })).toMatch(/receipt pending/)
  })

  it('says how it ended and who confirmed it', () => {
    const failed = { ...running, state: 'failed' as const, endedAt: now + 2_000, exitCode: 3 }
    expect(endingWords(failed)).toBe('Exit code 3 after 2 s')
    expect(endingWords({ ...failed, exitCode: null })).toMatch(/signal/)
    expect(receiptWords(receipt, running.machine, now)).toMatch(
      /^Machine gone, confirmed by Sandbox at 1[0-9]:\d\d:\d\d /,
    )
    expect(receiptWords(receipt, null, now)).toMatch(/confirmed by sandbox at/)
  })
})

describe('the time bar', () => {
  const entry = (state: TimelineEntry['state'], at: number, until: number | null) => ({
    state,
    at: now + at,
    until: until === null ? null : now + until,
    sentence: '',
  })
  const timeline = [
    entry('queued', 0, 1_000),
    entry('choosing', 1_000, 2_000),
    entry('booting', 2_000, 74_000),
    entry('staging', 74_000, 122_000),
    entry('running', 122_000, null),
  ]
  const at = now + 122_000 + 46 * 60_000

  it('merges what belongs together and shows what is left', () => {
    const expected = { micros: micros(1), endsAt: at + 28 * 60_000, known: true }
    const segments = timeSegments(timeline, { expected, endedAt: null, stop: null }, at)
    expect(segments.map(({ label }) => label)).toEqual([
      'rented, booted 1 min 14 s',
      'data 48 s',
      'running 46 min · 62 %, about 28 min left',
      'home',
    ])
    expect(segments.map(({ phase }) => phase)).toEqual(['past', 'past', 'now', 'next'])
    expect(segments[2]?.ms).toBe(74 * 60_000)
  })

  it('promises nothing without a known run time, nor once it is exceeded', () => {
    const summary = { expected: null, endedAt: null, stop: null }
    expect(timeSegments(timeline, summary, at)[2]).toMatchObject({
      done: 1,
      label: 'running 46 min',
    })
    const late = { micros: micros(1), endsAt: at - 1, known: true }
    expect(timeSegments(timeline, { ...summary, expected: late }, at)[2]?.label).toBe(
      'running 46 min',
    )
  })

  it('is all past once the job has ended', () => {
    const over = [
      ...timeline.slice(0, -1),
      entry('running', 122_000, 200_000),
      entry('done', 200_000, null),
    ]
    const segments = timeSegments(over, { expected: null, endedAt: now, stop: null }, at)
    expect(segments.every(({ phase }) => phase === 'past')).toBe(true)
    expect(segments.at(-1)?.label).toBe('ran 1 min 18 s')
  })
})

describe('paths and commands', () => {
  it('joins as the folder is written, and splits names from folders', () => {
    expect(joinLocal('/home/a', 'b/c.pt')).toBe('/home/a/b/c.pt')
    expect(joinLocal('C:\\a', 'b/c.pt')).toBe('C:\\a\\b\\c.pt')
    expect(splitPath('b/c.pt')).toEqual({ folder: 'b/', name: 'c.pt' })
  })

  it('quotes what a shell would take apart', () => {
    const command = sshCommand({
      host: '127.0.0.1',
      port: 2200,
      user: 'root',
      identityFile: '/my home/it’s/id',
      knownHostsFile: '/my home/known',
      jumps: ['me@jump:22'],
      workDir: '~/w',
    })
    expect(command).toBe(
      "ssh -o StrictHostKeyChecking=yes -o 'UserKnownHostsFile=/my\\ home/known' -o GlobalKnownHostsFile=/dev/null -i '/my home/it’s/id' -o IdentitiesOnly=yes -J me@jump:22 -p 2200 root@127.0.0.1",
    )
  })
})
