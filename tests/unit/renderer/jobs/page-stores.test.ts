import { afterEach, describe, expect, it } from 'vitest'
import { SubletError } from '../../../../main/domain/errors.ts'
import type { Handlers } from '../../../../main/rpc/handlers.ts'
import type { Contract } from '../../../../preload/contract/contract.ts'
import type { Engine } from '../../../../renderer/engine.ts'
import { createConnections, portOf } from '../../../../renderer/features/jobs/connections-store.ts'
import { createJobStore } from '../../../../renderer/features/jobs/job-store.ts'
import { eventually } from '../../../support/eventually.ts'
import { detail } from '../../../support/fake-facts.ts'
import { FakeEngine } from '../../../support/fake-engine.ts'
import { pageEngine } from '../../../support/page-engine.ts'

type JobHandlers = Handlers<Contract>['jobs']

let engine: Engine
let fake: FakeEngine
afterEach(() => engine.close())

function start(jobs: Partial<JobHandlers> = {}): string {
  fake = new FakeEngine({ jobs })
  engine = pageEngine(fake.handlers())
  return fake.job.summary.id
}

describe('the page of a job', () => {
  const outputs = {
    folder: '/o',
    folderExists: true,
    files: [],
    totalFiles: 0,
    totalBytes: 0,
    mirror: null,
    collection: null,
  }
  const outputStream = async () => ({
    snapshot: outputs,
    events: (async function* () {
      yield { ...outputs, totalFiles: 1 }
    })(),
  })

  it('reads the detail anew when the job enters another state, not with every second', async () => {
    let shown = 0
    const jobId = start({
      outputs: outputStream,
      show: async () => {
        shown += 1
        return { ...detail, summary: fake.job.summary }
      },
    })
    const page = createJobStore(engine, jobId)
    page.open()
    await eventually(() => page.store.getState().detail !== null)
    await eventually(() => page.store.getState().outputs?.totalFiles === 1)
    await eventually(() => fake.job.readers > 0)
    fake.job.set({ progress: { fraction: 0.2, sentence: 'Further' } })
    await eventually(() => page.store.getState().summary?.progress.sentence === 'Further')
    expect(shown).toBe(1)
    fake.job.set({ state: 'running' })
    await eventually(() => shown === 2)
    page.close()
  })

  it('says why it shows nothing, and tries again', async () => {
    let broken = true
    const jobId = start({
      outputs: outputStream,
      show: async () => {
        if (broken) throw new SubletError('internal', 'Row 7 is damaged.')
        return detail
      },
    })
    const page = createJobStore(engine, jobId)
    page.open()
    await eventually(() => page.store.getState().problem?.message === 'Row 7 is damaged.')
    broken = false
    page.retry()
    await eventually(() => page.store.getState().detail !== null)
    expect(page.store.getState().problem).toBe(null)
    page.close()
  })
})

describe('ways to the machine', () => {
  it('keeps what an editor lacks, and lets go of ports', async () => {
    const route = {
      alias: 'a',
      uri: 'vscode://x',
      command: 'ssh a',
      configFile: '/c',
      userConfigFile: '/u',
      includeLine: 'Include "/c"',
      included: false,
    }
    let open = 0
    const jobId = start({
      editor: async ({ mayEditSshConfig }) => ({ ...route, included: mayEditSshConfig }),
      forward: async (_, { signal }) => {
        open += 1
        signal.addEventListener('abort', () => (open -= 1))
        return {
          snapshot: { localPort: 4_000 },
          events: silence(signal),
        }
      },
    })
    const ways = createConnections(engine, jobId)
    expect(await ways.openEditor(false)).toBe(null)
    expect(ways.store.getState().editor).toMatchObject({ included: false })
    expect(await ways.openEditor(true)).toMatchObject({ included: true })
    ways.forward(8_888)
    await eventually(() => ways.store.getState().forwards[0]?.localPort === 4_000)
    ways.drop(8_888)
    await eventually(() => open === 0)
    expect(ways.store.getState().forwards).toEqual([])
    ways.close()
  })

  it('takes whole numbers that are ports', () => {
    expect(portOf(' 8888 ')).toBe(8_888)
    for (const text of ['', '0', '70000', '8e3', '-1', '80.5']) expect(portOf(text)).toBe(null)
  })
})

async function* silence(signal: AbortSignal): AsyncGenerator<{ sentence: string }> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve)
  })
  yield* []
}
