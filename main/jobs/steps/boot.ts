import { assertNever, SubletError } from '../../domain/errors.ts'
import type { Instance, ProviderSession } from '../../providers/provider.ts'
import { rentalRef } from '../rental-ref.ts'
import type { StepContext } from './context.ts'

/** A machine that takes this many times its expected boot, and at least five minutes, goes back. */
const patienceFactor = 4
const leastPatienceMs = 5 * 60_000
const pollRealMs = 500

/** Polls until the machine has an address; a boot that fails or never ends refuses the offer. */
export async function boot(context: StepContext): Promise<void> {
  const { providers, clock, signal } = context
  const attempt = context.attempt()
  const { accountId, offer, launchedAt } = context.rental()
  const session = await providers.session(accountId)
  const expectedMs = Math.max(offer.expectedBootMs, 1)
  const beganAt = launchedAt ?? clock.now()
  const giveUpAt = beganAt + Math.max(leastPatienceMs, expectedMs * patienceFactor)
  for (;;) {
    const instance = await describeSettled(context, session)
    switch (instance.state) {
      case 'running':
        if (instance.ssh !== null) {
          const { hostKeys, jumps, ...ssh } = instance.ssh
          context.appendBoth(
            [{ kind: 'booted', attemptId: attempt.id }],
            [
              {
                kind: 'reachable',
                ssh: {
                  ...ssh,
                  hostKeys: [...hostKeys],
                  ...(jumps === undefined
                    ? {}
                    : { jumps: jumps.map((jump) => ({ ...jump, hostKeys: [...jump.hostKeys] })) }),
                },
              },
            ],
          )
          return
        }
        break
      case 'pending':
        break
      case 'failed':
      case 'stopping':
      case 'gone':
        throw new SubletError(
          'no-capacity',
          instance.message ?? `The machine at ${offer.providerId} did not start.`,
        )
      default:
        assertNever(instance.state)
    }
    if (clock.now() >= giveUpAt) {
      const minutes = Math.round((clock.now() - beganAt) / 60_000)
      throw new SubletError(
        'no-capacity',
        `The machine at ${offer.providerId} did not start within ${minutes} min; trying another.`,
      )
    }
    const fraction = Math.min(0.95, (clock.now() - beganAt) / expectedMs)
    context.progress(fraction, instance.message ?? 'The machine boots')
    await clock.sleep(pollRealMs / clock.realMs(1), signal)
  }
}

/** A machine that was just launched may not be known everywhere yet: unknown is still pending. */
async function describeSettled(context: StepContext, session: ProviderSession): Promise<Instance> {
  const rental = context.rental()
  const { visibleWithinMs } = context.providers.capabilities(rental.offer.providerId)
  try {
    return await session.describe(rentalRef(rental), context.signal)
  } catch (thrown) {
    const isUnknown = thrown instanceof SubletError && thrown.code === 'not-found'
    const settledAt = (rental.launchedAt ?? rental.intendedAt) + visibleWithinMs
    if (!isUnknown) throw thrown
    if (context.clock.now() >= settledAt) {
      throw new SubletError(
        'no-capacity',
        `The machine at ${rental.offer.providerId} was accepted but never appeared; trying another.`,
        { cause: thrown },
      )
    }
    return {
      rentalId: rental.id,
      instanceId: rental.instanceId ?? '',
      state: 'pending',
      message: null,
      ssh: null,
      microsPerHour: rental.offer.microsPerHour,
      gpuIndices: null,
      billedFrom: null,
      reclaimAt: null,
    }
  }
}
