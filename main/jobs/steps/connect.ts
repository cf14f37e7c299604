import { formatBytes } from '../../domain/format.ts'
import { SubletError } from '../../domain/errors.ts'
import { hostKeyWarnings } from '../../domain/host-key-words.ts'
import { whyNot } from '../../domain/lease.ts'
import type { Machine } from '../../machine/machine.ts'
import { probeMachine, type MachineFacts } from '../../machine/probe.ts'
import { loadInputs, weigh } from '../inputs.ts'
import { endsEarlierMaybe, leaseRental, leaseTerms } from '../lease-rental.ts'
import { machineWarnings } from '../machine-warnings.ts'
import { readWorkFiles } from '../work-files.ts'
import { followAddress } from './connect-to.ts'
import type { StepContext } from './context.ts'
import { refuseIfGone } from './gone.ts'
import { settleHostKey } from './host-key.ts'

/** While a machine boots, its SSH server may refuse before it knows our key. */
const authPatienceRealMs = 90_000
/** Between two questions to the provider whether a machine that does not answer is still there. */
const askAfterRealMs = 5_000

/**
 * First contact: host key, replaced where it came with the launch, then the lease before anything else, then the probe. A machine that
 * nothing but this computer would end needs the user's yes, which `submit` may have brought.
 */
export async function connect(context: StepContext): Promise<void> {
  const { signal, clock } = context
  const attempt = context.attempt()
  const { spec, acceptsNoLease } = context.job()
  context.progress(0.1, 'Connecting')
  let machine = await reach(context)
  if (await settleHostKey(context)) machine = await reach(context)
  const rental = context.rental()
  context.progress(0.4, 'Putting the lease on the machine')
  const verdict = await leaseRental(context, machine, rental, leaseTerms(spec.limits, clock))
  if (attempt.warm && endsEarlierMaybe(rental.verdict, verdict, rental.endBy) !== null) {
    throw new SubletError(
      'unavailable',
      'The provider has not confirmed the later end of the warm machine, and may end it before.',
    )
  }
  context.appendBoth([], [{ kind: 'leased', verdict, endBy: rental.endBy }])
  if (!verdict.stopsByItself && !acceptsNoLease) {
    throw new SubletError(
      'confirmation-needed',
      `This machine would not stop by itself if this computer dies: ${whyNot(verdict) ?? ''} It is given back; run again with --accept-no-lease to use such a machine.`,
    )
  }
  context.progress(0.7, 'Looking at GPU, driver and disk')
  const facts = await probeMachine(machine, { signal })
  const inputs = await loadInputs(context.paths.inputs(context.jobId))
  refuseSmallDisk(facts, weigh(inputs).bytes, machine)
  const warnings = [
    ...hostKeyWarnings(rental.hostKey),
    ...machineWarnings(facts, await readWorkFiles(inputs.code), rental.offer),
  ]
  context.appendBoth(
    [
      {
        kind: 'connected',
        attemptId: attempt.id,
        verdict,
        hostKeyFingerprint: rental.hostKey?.fingerprint ?? '',
        gpuIndices: rental.gpuIndices === null ? null : [...rental.gpuIndices],
        warnings,
      },
    ],
    [{ kind: 'probed', facts }],
  )
}

/** Connects, with patience for a machine whose SSH server is up before our key is in place. */
async function reach(context: StepContext): Promise<Machine> {
  const { clock, machines, signal } = context
  const beganAt = clock.now()
  const pauseMs = 250 / clock.realMs(1)
  let askAtMs = askAfterRealMs
  for (;;) {
    try {
      return await machines.connect(context.rental(), signal)
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof SubletError)) throw thrown
      const triedMs = clock.realMs(clock.now() - beganAt)
      const early = thrown.code === 'auth' || thrown.code === 'unreachable'
      if (!early || triedMs > askAtMs) {
        await refuseIfGone(context, thrown)
        if (await followAddress(context)) continue
        askAtMs = triedMs + askAfterRealMs
      }
      if (!early || triedMs > authPatienceRealMs) throw thrown
      await clock.sleep(pauseMs, signal)
    }
  }
}

function refuseSmallDisk(facts: MachineFacts, neededBytes: number, machine: Machine): void {
  const free = facts.diskFreeBytes
  if (free === null || free >= neededBytes) return
  throw new SubletError(
    'disk-full',
    `The inputs take ${formatBytes(neededBytes)}, but ${machine.label} has only ${formatBytes(free)} free. Ask for more with disk: in the job file, or send less.`,
  )
}
