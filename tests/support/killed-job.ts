import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { JobSummary } from '../../preload/contract/job.ts'
import type { JobState } from '../../preload/contract/job-state.ts'
import { assertNever } from '../../main/domain/errors.ts'
import type { TestUser } from './cli.ts'
import { eventually } from './eventually.ts'

/** Longer than a test needs until it kills; a fault's effect on the dead engine's request. */
const heldMs = 1_500
const slowLink = { delayMs: 40 }

/** States in which a job can be held in the middle of a transfer. */
export const heldStates = ['staging', 'collecting'] as const satisfies readonly JobState[]
export type HeldState = (typeof heldStates)[number]

/** Gates that hold a job still: files that its `before` step and its script wait for. */
export interface Gates {
  readonly before: string
  readonly script: string
  open(gate: 'before' | 'script'): Promise<void>
}

/** Writes the job file of the training job, with both gates closed, and answers them. */
export async function gatedJob(user: TestUser, weightsMb: number): Promise<Gates> {
  const [before, script] = [join(user.work, 'before.gate'), join(user.work, 'script.gate')]
  await writeFile(
    join(user.work, 'train', 'sublet.yaml'),
    stringify({
      name: 'training',
      script: 'train.py',
      data: '../data',
      output: '../out',
      before: `while [ ! -e '${before}' ]; do sleep 0.02; done`,
      env: { GATE: script, WEIGHTS_MB: String(weightsMb) },
    }),
  )
  const paths = { before, script }
  return { ...paths, open: async (gate) => await writeFile(paths[gate], '') }
}

/** Brings a submitted job of the sandbox into the middle of a state, and leaves it there. */
export async function reach(user: TestUser, gates: Gates, state: HeldState): Promise<void> {
  switch (state) {
    case 'staging':
      await holdAtLease(user, gates)
      await slowDown(user)
      await user.until(
        (job) => job.state === 'staging' && / of .* at /.test(job.progress.sentence),
        'an upload under way',
      )
      return
    case 'collecting':
      await gates.open('before')
      await user.untilState('running')
      await slowDown(user)
      await gates.open('script')
      await user.until(isHalfHome, 'results under way')
      return
    default:
      assertNever(state)
  }
}

function isHalfHome(job: JobSummary): boolean {
  return job.state === 'collecting' && job.progress.sentence.startsWith('Bringing')
}

/** Opens the first gate and waits until the machine is up and its lease is being read back. */
async function holdAtLease(user: TestUser, gates: Gates): Promise<void> {
  await user.sandbox.fault({ kind: 'latency', ms: heldMs }, { operation: 'expiry-read' })
  await gates.open('before')
  await user.untilState('connecting')
  await eventually(async () => (await user.sandbox.faultsLeft()) === 0, {
    timeoutMs: 30_000,
    what: 'the lease to be read back',
  })
}

async function slowDown(user: TestUser): Promise<void> {
  const [machine] = await user.sandbox.machines()
  await user.sandbox.machine(machine?.id ?? '', 'network', slowLink)
}

/** Undoes what `reach` did to the sandbox, and lets the job go on. */
export async function letGo(user: TestUser, gates: Gates): Promise<void> {
  const [machine] = await user.sandbox.machines()
  if (machine?.state === 'running') {
    await user.sandbox.machine(machine.id, 'network', { delayMs: 0 })
  }
  await gates.open('before')
  await gates.open('script')
}
