import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { instanceHandlers } from '../../../main/engine/services/instances.ts'
import { jobHandlers } from '../../../main/engine/services/jobs.ts'
import type { ServiceParts } from '../../../main/engine/services/context.ts'
import type { JobEvent } from '../../../main/domain/job/events.ts'
import { JobDesk } from '../../../main/jobs/desk.ts'
import { Journal } from '../../../main/jobs/journal/journal.ts'
import type { JobDeps } from '../../../main/jobs/steps/context.ts'
import { stepTable } from '../../../main/jobs/steps/table.ts'
import type { Handlers } from '../../../main/rpc/handlers.ts'
import type { Contract } from '../../../preload/contract/contract.ts'
import type { Database } from '../../../main/store/database.ts'
import { openDatabase } from '../../../main/store/open.ts'
import { now } from '../../support/fake-facts.ts'
import { attemptStarted, happyPath, submitted } from '../../support/job-events.ts'
import { steppingClock } from '../../support/stepping-clock.ts'
import { intended } from '../../support/rental-events.ts'

const jobId = 'job-01k9zzzzzzzzzzzzzzzzzzzzzz'
const rentalId = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzz'
const context = {} as Parameters<Handlers<Contract>['instances']['release']>[1]

let folder: string
let database: Database
let journal: Journal
let parts: ServiceParts

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sublet-release-'))
  database = openDatabase(join(folder, 'sublet.db'))
  journal = new Journal(database, steppingClock(now))
  const desk = new JobDesk({ journal } as JobDeps, stepTable)
  parts = { journal, desk } as ServiceParts
  journal.append(
    {
      rental: rentalId,
      event: intended(),
    },
    { rental: rentalId, event: { kind: 'launch-issued' } },
    {
      rental: rentalId,
      event: { kind: 'launched', instanceId: 'i-1', billedFrom: null, gpuIndices: null },
    },
    {
      rental: rentalId,
      event: { kind: 'allocated', attemptId: 'a1', jobId, jobName: 'train', project: null },
    },
    { job: jobId, event: submitted },
  )
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Plays a job's usual events up to, not including, one of that kind. */
function playUntil(kind: JobEvent['kind']): void {
  for (const event of happyPath()) {
    if (event.kind === kind) return
    journal.append({ job: jobId, event })
  }
}

const phase = (): string => journal.rental(rentalId).phase
const releases = {
  'one machine': async () => void (await instanceHandlers(parts).release({ rentalId }, context)),
  everything: async () => void (await jobHandlers(parts).stopAll({ discard: false }, context)),
}

describe.each(Object.entries(releases))('giving back %s', (_what, release) => {
  test('stops the job that works on it, which then gives it back itself', async () => {
    playUntil('exited')
    await release()
    expect(journal.job(jobId).stop).toMatchObject({ reason: 'user', discard: false })
    expect(phase()).toBe('up')
  })

  test('keeps a job that is giving it back from keeping it warm', async () => {
    playUntil('release-called')
    await release()
    await release()
    expect(phase()).toBe('releasing')
  })

  test('gives back what is kept warm', async () => {
    playUntil('release-called')
    journal.append(
      {
        job: jobId,
        event: { kind: 'release-called', attemptId: 'a1', keptWarmUntil: now + 60_000 },
      },
      { rental: rentalId, event: { kind: 'kept-warm', until: now + 60_000 } },
    )
    await release()
    expect(phase()).toBe('releasing')
  })

  test('gives back a machine that its job has left for another one', async () => {
    playUntil('launched')
    const error = { code: 'unreachable' as const, message: 'It never answered.' }
    journal.append({ job: jobId, event: { kind: 'refused', attemptId: 'a1', error } })
    const other = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzz0' as const
    const started = attemptStarted('a2') as Extract<JobEvent, { kind: 'attempt-started' }>
    journal.append({ job: jobId, event: { ...started, rentalId: other } })
    await release()
    expect(phase()).toBe('releasing')
  })
})
