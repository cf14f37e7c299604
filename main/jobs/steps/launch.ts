import { SubletError, toWireError } from '../../domain/errors.ts'
import type { Instance, LaunchRequest, ProviderSession } from '../../providers/provider.ts'
import { leaseUserData, verdictAtLaunch } from '../lease-user-data.ts'
import { launchEffectBy, rentalRef } from '../rental-ref.ts'
import type { StepContext } from './context.ts'
import { hostKeyToInject } from './host-key.ts'

/**
 * Asks the provider for the machine. The rental was journaled by `choose`; `launch-issued` is
 * journaled before every call, so that from then on the keeper looks for it whatever happens.
 */
export async function launch(context: StepContext): Promise<void> {
  const { providers, machines } = context
  const attempt = context.attempt()
  const rental = context.rental()
  const session = await providers.session(rental.accountId)
  const publicKey = await machines.publicKey(rental.id)
  await othersMakeWay(context)
  context.progress(0, `Renting ${rental.offer.machineType} in ${rental.offer.region}`)
  if (rental.launchIssuedAt !== null) await settleUnknownLaunch(context)
  // Read anew: the keeper or the user may have ended it while we waited.
  context.signal.throwIfAborted()
  const { phase, endBy } = context.rental()
  if (phase === 'releasing' || phase === 'released') {
    throw new SubletError('unavailable', 'The machine is being given back already.')
  }
  const hostKey = await hostKeyToInject(context)
  context.appendBoth([], [{ kind: 'launch-issued' }])
  const userData = leaseUserData(context, session, context.rental())
  const instance = await issue(context, session, {
    rentalId: rental.id,
    offer: rental.offer,
    environment: rental.environment,
    publicKey,
    endBy,
    diskGiB: rental.diskGiB,
    maxMicrosPerHour: rental.maxMicrosPerHour,
    ...(userData === undefined ? {} : { userData }),
    ...(hostKey === null ? {} : { hostKey }),
  })
  const verdict = verdictAtLaunch(context, instance, context.rental())
  context.appendBoth(
    [{ kind: 'launched', attemptId: attempt.id, instanceId: instance.instanceId }],
    [
      {
        kind: 'launched',
        instanceId: instance.instanceId,
        billedFrom: instance.billedFrom,
        gpuIndices: instance.gpuIndices === null ? null : [...instance.gpuIndices],
        ...(verdict === null ? {} : { verdict }),
      },
    ],
  )
}

/** How long another machine may take to hear of its sooner end, in physical time. */
const patienceRealMs = 60_000
const lookEveryRealMs = 300

/**
 * Machines that share a budget with this one are told their sooner end before it exists, so that
 * the budget is kept even if this computer dies now. A launch that may have had its effect is not
 * held up.
 */
async function othersMakeWay(context: StepContext): Promise<void> {
  const { clock, room, signal } = context
  const giveUpAt = clock.now() + patienceRealMs / clock.realMs(1)
  while (context.rental().launchIssuedAt === null && !room.isKept(context.rental().id)) {
    if (clock.now() >= giveUpAt) {
      throw new SubletError(
        'unavailable',
        'Another machine that shares the budget cannot be told that it ends sooner.',
      )
    }
    context.progress(0, 'Waiting until the machines that share its budget end sooner')
    await clock.sleep(lookEveryRealMs / clock.realMs(1), signal)
  }
}

/** Answers that leave no doubt: nothing was launched. */
const refusals: ReadonlySet<string> = new Set([
  'auth',
  'permission',
  'quota',
  'no-capacity',
  'price-moved',
  'invalid',
])

/**
 * A call that failed moves the window in which its effect may still appear. One that was given up
 * stays open: the provider may be at it yet.
 */
async function issue(
  context: StepContext,
  session: ProviderSession,
  request: LaunchRequest,
): Promise<Instance> {
  try {
    return await session.launch(request, context.signal)
  } catch (thrown) {
    const isAnswer = thrown instanceof SubletError && refusals.has(thrown.code)
    if (context.rental().phase !== 'released' && (isAnswer || !context.signal.aborted)) {
      context.appendBoth(
        [],
        [
          isAnswer
            ? { kind: 'launch-refused', error: toWireError(thrown) }
            : { kind: 'launch-unanswered' },
        ],
      )
    }
    throw thrown
  }
}

/**
 * An earlier call has no recorded answer. With a launch token calling again is harmless; else the
 * provider is asked by name until its settle window has passed.
 */
async function settleUnknownLaunch(context: StepContext): Promise<void> {
  const { providers, clock, signal } = context
  const rental = context.rental()
  const capabilities = providers.capabilities(rental.offer.providerId)
  if (capabilities.launchKey === 'token') return
  const session = await providers.session(rental.accountId)
  const settledAt = launchEffectBy(rental) + capabilities.visibleWithinMs
  for (;;) {
    try {
      await session.describe(rentalRef(rental), signal)
      // It exists: `launch` answers for a name that it knows without renting twice.
      return
    } catch (thrown) {
      if (!(thrown instanceof SubletError) || thrown.code !== 'not-found') throw thrown
    }
    if (clock.now() >= settledAt) return
    context.progress(0, 'Looking whether the machine was rented before the connection broke')
    await clock.sleep(Math.min(2_000, Math.max(1, settledAt - clock.now())), signal)
  }
}
