import { SubletError, toWireError } from '../../domain/errors.ts'
import type { Machine } from '../../machine/machine.ts'
import { rentalRef } from '../rental-ref.ts'
import type { StepContext } from './context.ts'

/** What a machine looks like from here that answers elsewhere now; its old address may be a stranger's. */
const maybeMoved: ReadonlySet<string> = new Set(['unreachable', 'host-key', 'auth'])

/**
 * Connects to the job's machine. Where it is not found at its address, the provider is asked for
 * another one, which is journaled. The host key that is trusted stays the same.
 */
export async function connectTo(context: StepContext): Promise<Machine> {
  const { machines, signal } = context
  try {
    return await machines.connect(context.rental(), signal)
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof SubletError) || !maybeMoved.has(thrown.code)) throw thrown
    if (!(await followAddress(context))) throw thrown
    return await machines.connect(context.rental(), signal)
  }
}

/** Whether the provider names another address than the journal; it is in the journal then. */
export async function followAddress(context: StepContext): Promise<boolean> {
  const { providers, signal, log, jobId } = context
  const { accountId, ssh: known, phase } = context.rental()
  // Behind a jump the address is the user's own, and no provider's.
  if (known === null || known.jumps !== undefined || phase !== 'up') return false
  try {
    const session = await providers.session(accountId)
    const { ssh } = await session.describe(rentalRef(context.rental()), signal)
    if (ssh === null || (ssh.host === known.host && ssh.port === known.port)) return false
    const { host, port, user } = ssh
    context.appendBoth([], [{ kind: 'reachable', ssh: { ...known, host, port, user } }])
    context.machines.drop(context.rental().id)
    log.info({ host, port }, `${jobId}: the machine has another address now`)
    return true
  } catch (thrown) {
    signal.throwIfAborted()
    log.info({ error: toWireError(thrown) }, `${jobId}: the provider does not say the address`)
    return false
  }
}
