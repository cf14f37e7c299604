import type { TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import type { Behaviour, GoneJob } from '../client-gone/gone-job.ts'

/** A reason to live longer than the end, with the client at its place. */
export interface Case {
  readonly what: string
  readonly behaviour: Behaviour
  /** Whether the results can be home in time. */
  readonly resultsHome: boolean
  /** The machine is needed until its very end. */
  readonly neededToEnd?: boolean
  /** Once the job ticks; `ended` resolves when the machine has gone. */
  hinder(user: TestUser, job: GoneJob, ended: Promise<unknown>): Promise<void>
}

const everyOperation = { remaining: null } as const
const apiError = { kind: 'error', when: 'before', status: 503 } as const

export const cases = {
  ignoresTerm: {
    what: 'a job that ignores TERM',
    behaviour: 'ignores',
    resultsHome: true,
    hinder: async () => undefined,
  },
  slowCollection: {
    what: 'a collection that takes longer than there is',
    behaviour: 'short',
    resultsHome: false,
    neededToEnd: true,
    hinder: async (user, job) => {
      await onMachine(user, { delayMs: 50 })
      await job.letEnd()
      await user.untilState('collecting')
      await onMachine(user, { delayMs: 800 })
    },
  },
  cutOff: {
    what: 'a machine that cannot be reached any more',
    behaviour: 'saves',
    resultsHome: false,
    hinder: async (user) => await onMachine(user, { mode: 'refuse', drop: true }),
  },
  providerDown: {
    what: 'a provider that answers nothing until the machine has gone',
    behaviour: 'short',
    resultsHome: true,
    hinder: async (user, job, ended) => {
      await user.sandbox.fault(apiError, everyOperation)
      await job.letEnd()
      await ended
      await user.sandbox.clearFaults()
    },
  },
  providerDownUnexpiring: {
    what: 'a provider that answers nothing and forgot its expiry',
    behaviour: 'ignores',
    resultsHome: true,
    hinder: async (user, _job, ended) => {
      await user.sandbox.fault(apiError, everyOperation)
      await ended
      await user.sandbox.clearFaults()
    },
  },
} as const satisfies Readonly<Record<string, Case>>

async function onMachine(
  user: TestUser,
  network: Readonly<Record<string, unknown>>,
): Promise<void> {
  const machine = await eventually(
    async () => (await user.sandbox.machines()).find(({ state }) => state === 'running'),
    { timeoutMs: 20_000, what: 'a machine' },
  )
  await user.sandbox.machine(machine.id, 'network', network)
}
