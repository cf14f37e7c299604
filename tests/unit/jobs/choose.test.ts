import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SpendRoom } from '../../../main/jobs/budget-room.ts'
import { Runner } from '../../../main/jobs/runner.ts'
import { choose } from '../../../main/jobs/steps/choose.ts'
import { now, offer } from '../../support/fake-facts.ts'
import { noBudgets } from '../../support/no-budgets.ts'
import { intended } from '../../support/rental-events.ts'
import { jobId, plainSteps, runnerRig, type RunnerRig } from '../../support/runner-rig.ts'

const running = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzr'
const warm = 'sublet-01k9zzzzzzzzzzzzzzzzzzzzzw'

let rig: RunnerRig

beforeEach(() => {
  rig = runnerRig()
})
afterEach(() => rig.close())

it('releases a machine that was only kept warm, where a budget is too small for both', async () => {
  const { journal } = rig.deps
  const allocated = { kind: 'allocated' as const, jobId, jobName: 'other', project: null }
  const endBy = now + 3_000_000
  journal.append(
    { rental: running, event: intended() },
    { rental: running, event: { ...allocated, attemptId: 'a8' } },
    { rental: warm, event: intended() },
    { rental: warm, event: { ...allocated, attemptId: 'a9' } },
    { rental: warm, event: { kind: 'freed', attemptId: 'a9' } },
    { rental: warm, event: { kind: 'kept-warm', until: now + 3_600_000 } },
  )
  const others = [running, warm].map((rentalId) => ({ rentalId, endBy, because: null }))
  const room: SpendRoom = {
    ...noBudgets,
    carries: ({ most }) => ({ endBy: most, limit: null, others }),
  }
  const providers = {
    ...rig.deps.providers,
    offers: async () => ({ offers: [offer], sources: [] }),
  }
  const left = new AbortController()
  const steps = plainSteps([], {
    choose,
    launch: async () => left.abort(),
  })
  const runner = new Runner({ ...rig.deps, room, providers }, steps, jobId, {})
  await runner.run(left.signal).catch(() => undefined) // It was left on purpose.
  expect(journal.rental(running)).toMatchObject({ phase: 'intended', endBy })
  // No job is there that could tell it a sooner end.
  expect(journal.rental(warm).phase).toBe('releasing')
})
