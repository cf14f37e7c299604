import { afterEach, describe, expect, test } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { createEngine, type Engine } from '../../../renderer/engine.ts'
import { createJobsStore } from '../../../renderer/stores/jobs-store.ts'
import { eventually } from '../../support/eventually.ts'
import { FakeEngine } from '../../support/fake-engine.ts'

const engines: Engine[] = []
afterEach(() => {
  for (const engine of engines.splice(0)) engine.close()
})

function open(fake: FakeEngine, refusals = 0): Engine {
  let left = refusals
  const engine = createEngine({
    version: '0.1.0',
    role: 'page',
    connect: async () => {
      left -= 1
      if (left >= 0) throw new SubletError('unreachable', 'Nobody is there.')
      return fake.transport()
    },
  })
  engines.push(engine)
  return engine
}

describe('the page’s engine', () => {
  test('a call made before the connection waits for it', async () => {
    const engine = open(new FakeEngine(), 1)
    expect((await engine.api.system.status({})).activeJobs).toBe(1)
    expect(engine.link.getState().kind).toBe('connected')
  })

  test('a call that nobody waits for any more is cancelled, connection or not', async () => {
    const engine = open(new FakeEngine(), 1_000)
    const stop = new AbortController()
    const call = engine.api.jobs.list({}, { signal: stop.signal })
    stop.abort()
    await expect(call).rejects.toMatchObject({ code: 'cancelled' })
    await eventually(() => engine.link.getState().kind === 'lost')
  })

  test('a cut fails what is under way, connects again and follows again', async () => {
    const fake = new FakeEngine({ jobs: { show: () => new Promise(() => undefined) } })
    const engine = open(fake)
    const jobs = createJobsStore(engine)
    await eventually(() => jobs.getState().jobs?.size === 1)
    const pending = engine.api.jobs.show({ jobId: fake.job.summary.id })
    const failed = expect(pending).rejects.toMatchObject({ code: 'unreachable' })
    await engine.api.system.status({})
    fake.cut()
    await failed
    fake.job.end({ state: 'done' })
    await eventually(() => jobs.getState().jobs?.get(fake.job.summary.id)?.state === 'done')
    expect(engine.link.getState().kind).toBe('connected')
  })

  test('a stream that is refused says so once and is left', async () => {
    let asked = 0
    const fake = new FakeEngine({
      jobs: {
        watch: async () => {
          asked += 1
          throw new SubletError('not-found', 'There is no such job.')
        },
      },
    })
    const jobs = createJobsStore(open(fake))
    await eventually(() => jobs.getState().problem?.code === 'not-found')
    expect(asked).toBe(1)
  })
})
