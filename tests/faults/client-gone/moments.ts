import type { JobSummary } from '../../../preload/contract/job.ts'
import { assertNever } from '../../../main/domain/errors.ts'
import type { TestUser } from '../../support/cli.ts'
import { eventually } from '../../support/eventually.ts'
import { kindsOnDisk } from '../../support/journal-on-disk.ts'
import type { GoneJob } from './gone-job.ts'

/** Where in a job's life its client goes for ever. */
export const moments = [
  'launched, unanswered',
  'booting',
  'up, before the first contact',
  'staging',
  'in set-up',
  'running',
  'exited, unseen',
  'collecting',
  'kept warm',
  'releasing',
] as const
export type Moment = (typeof moments)[number]

const patience = { timeoutMs: 40_000, everyMs: 50 }

/** Brings a submitted job, whose gate is closed, into the moment. The engine is killed right after. */
export async function reach(user: TestUser, job: GoneJob, moment: Moment): Promise<void> {
  const { sandbox } = user
  switch (moment) {
    case 'launched, unanswered':
      await sandbox.fault({ kind: 'timeout', when: 'after' }, { operation: 'launch' })
      await job.openGate()
      await machineIn(user, ['booting', 'running'])
      return
    case 'booting':
      await sandbox.fault({ kind: 'slow-boot', ms: 10_000 })
      await job.openGate()
      await user.untilState('booting')
      return
    case 'up, before the first contact':
      // So the engine learns late that it is up, when it cannot be reached any more.
      await sandbox.fault(
        { kind: 'latency', ms: 2_000 },
        { operation: 'describe', remaining: null },
      )
      await job.openGate()
      await sandbox.machine(await machineIn(user, ['running']), 'network', { mode: 'refuse' })
      await user.untilState('connecting')
      return
    case 'staging': {
      const before = await sandbox.faultsLeft()
      await sandbox.fault({ kind: 'latency', ms: 2_000 }, { operation: 'expiry-read' })
      await job.openGate()
      // The lease is on the machine: the provider's is being read back.
      await eventually(
        async () => (await isUp(user)) && (await sandbox.faultsLeft()) === before,
        patience,
      )
      await sandbox.machine(await machineIn(user, ['running']), 'network', { delayMs: 100 })
      await user.untilState('staging')
      return
    }
    case 'in set-up':
      await job.openGate()
      await eventually(() => job.evidence().first('setup') !== null, patience)
      return
    case 'running':
      await job.openGate()
      await ticking(job)
      return
    case 'exited, unseen':
      await job.openGate()
      await ticking(job)
      await sandbox.machine(await machineIn(user, ['running']), 'network', {
        mode: 'refuse',
        drop: true,
      })
      await job.letEnd()
      await eventually(() => job.evidence().first('exiting') !== null, patience)
      return
    case 'collecting':
      await job.openGate()
      await ticking(job)
      await sandbox.machine(await machineIn(user, ['running']), 'network', { delayMs: 40 })
      await job.letEnd()
      await user.until(isFetching, 'results under way')
      return
    case 'kept warm':
      await job.openGate()
      await job.letEnd()
      await eventually(
        () => [...kindsOnDisk(user.home)].some((kind) => kind.endsWith(':kept-warm')),
        patience,
      )
      return
    case 'releasing':
      await sandbox.fault(
        { kind: 'timeout', when: 'before' },
        { operation: 'release', remaining: null },
      )
      await job.openGate()
      await job.letEnd()
      await user.untilState('releasing')
      return
    default:
      assertNever(moment)
  }
}

async function ticking(job: GoneJob): Promise<void> {
  await eventually(
    () => job.evidence().words.filter(({ word }) => word === 'tick').length > 2,
    patience,
  )
}

function isFetching(job: JobSummary): boolean {
  return job.state === 'collecting' && job.progress.sentence.startsWith('Bringing')
}

async function isUp(user: TestUser): Promise<boolean> {
  return (await user.sandbox.machines()).some(({ state }) => state === 'running')
}

/** The id of the one machine, once it is in one of the states. */
async function machineIn(user: TestUser, states: readonly string[]): Promise<string> {
  return await eventually(
    async () => (await user.sandbox.machines()).find(({ state }) => states.includes(state))?.id,
    { ...patience, what: `a machine that is ${states.join(' or ')}` },
  )
}
