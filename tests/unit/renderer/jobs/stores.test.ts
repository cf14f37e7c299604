import { afterEach, describe, expect, it } from 'vitest'
import { SubletError } from '../../../../main/domain/errors.ts'
import type { Handlers } from '../../../../main/rpc/handlers.ts'
import type { Contract } from '../../../../preload/contract/contract.ts'
import type { Engine } from '../../../../renderer/engine.ts'
import { createExtender } from '../../../../renderer/features/jobs/extender.ts'
import { createRetrier } from '../../../../renderer/features/jobs/retrier.ts'
import { createStopper } from '../../../../renderer/features/jobs/stopper.ts'
import { eventually } from '../../../support/eventually.ts'
import { micros, now, proposal, unleasedProposal } from '../../../support/fake-facts.ts'
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

const preview = {
  bytes: 10,
  files: 1,
  collectMs: 1,
  collectMicros: micros(1),
  discardMs: 1,
  discardMicros: micros(1),
  graceMs: 0,
}

describe('stopping', () => {
  it('closes the question and shows the order before the engine has answered', async () => {
    const answered = Promise.withResolvers<Record<string, never>>()
    const jobId = start({ stopPreview: async () => preview, stop: () => answered.promise })
    const stopper = createStopper(engine.api)
    stopper.ask(jobId)
    await eventually(() => stopper.store.getState().preview !== null)
    const stopping = stopper.stop(jobId, false)
    const { asking, orders } = stopper.store.getState()
    expect(asking).toBe(null)
    expect(orders.get(jobId)).toEqual({ discard: false, preview, problem: null })
    answered.resolve({})
    await stopping
  })

  it('keeps an order that failed, with its retry', async () => {
    let tries = 0
    const jobId = start({
      stopPreview: async () => {
        throw new SubletError('unreachable', 'No answer.')
      },
      stop: async () => {
        tries += 1
        if (tries === 1) throw new SubletError('unavailable', 'The disk is full.')
        return {}
      },
    })
    const stopper = createStopper(engine.api)
    stopper.ask(jobId)
    await stopper.stop(jobId, true)
    expect(stopper.store.getState().orders.get(jobId)?.problem?.message).toBe('The disk is full.')
    await stopper.again(jobId)
    expect(stopper.store.getState().orders.get(jobId)).toMatchObject({
      discard: true,
      problem: null,
    })
  })
})

describe('extending', () => {
  const extension = {
    fromEndBy: now,
    endBy: now + 3_600_000,
    ceiling: { ...proposal.ceiling },
    moreMicros: micros(5),
  }

  it('prices every wish, says what is no duration, and offers the budget that is missing', async () => {
    const asked: unknown[] = []
    const jobId = start({
      extension: async (request) => {
        asked.push(request)
        if (request.byMs === 7_200_000 && request.budgetMicros === undefined) {
          throw new SubletError('budget', 'Too little.', { details: { leastMicros: 90_000 } })
        }
        return extension
      },
      extend: async () => ({ ...extension, verdict: null, sentence: 'Ends later.' }),
    })
    const { store, ...extender } = createExtender(engine.api, jobId)
    extender.open()
    await eventually(() => store.getState().extension !== null)
    extender.setText('soon')
    expect(store.getState()).toMatchObject({ extension: null, problem: { code: 'invalid' } })
    extender.setText('2h')
    await eventually(() => store.getState().neededMicros === 90_000)
    extender.setRaisesBudget(true)
    await eventually(() => store.getState().extension !== null)
    expect(asked.at(-1)).toMatchObject({ byMs: 7_200_000, budgetMicros: 90_000 })
    expect(await extender.confirm()).toBe('Ends later.')
    extender.close()
  })

  it('does not ask twice for what is journaled while the machine does not answer', async () => {
    const jobId = start({
      extension: async () => extension,
      extend: async () => {
        throw new SubletError('unreachable', 'Put on it later.', { details: { journaled: true } })
      },
    })
    const extender = createExtender(engine.api, jobId)
    expect(await extender.confirm()).toBe('Put on it later.')
    expect(extender.store.getState().problem).toBe(null)
  })

  it('keeps what refused it', async () => {
    const jobId = start({
      extension: async () => extension,
      extend: async () => {
        throw new SubletError('unsupported', 'The provider ends it before.')
      },
    })
    const extender = createExtender(engine.api, jobId)
    expect(await extender.confirm()).toBe(null)
    expect(extender.store.getState()).toMatchObject({
      busy: false,
      problem: { code: 'unsupported' },
    })
  })
})

describe('running again', () => {
  it('launches what was proposed, into the folder that was shown', async () => {
    const sent: unknown[] = []
    const jobId = start({
      proposeAgain: async () => unleasedProposal,
      retry: async (input) => {
        sent.push(input)
        return { jobId: fake.job.summary.id }
      },
    })
    const retrier = createRetrier(engine.api, jobId)
    expect(await retrier.launch()).toBe(null)
    await retrier.propose()
    retrier.setAcceptsNoLease(true)
    expect(await retrier.launch()).toBe(fake.job.summary.id)
    expect(sent).toMatchObject([
      {
        jobId,
        outputDir: proposal.spec.outputDir,
        ceiling: proposal.ceiling,
        acceptsNoLease: true,
      },
    ])
  })

  it('shows why it cannot, and asks again', async () => {
    let missing = true
    const jobId = start({
      proposeAgain: async () => {
        if (missing) throw new SubletError('input-missing', 'big.bin disappeared.')
        return proposal
      },
    })
    const retrier = createRetrier(engine.api, jobId)
    await retrier.propose()
    expect(retrier.store.getState().problem?.code).toBe('input-missing')
    missing = false
    await retrier.propose()
    expect(retrier.store.getState()).toMatchObject({ problem: null, proposal: { warm: null } })
  })
})
