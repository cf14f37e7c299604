import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { ProviderSession } from '../../providers/provider.ts'
import type { ServiceParts } from './context.ts'
import { releaseWay } from './release-way.ts'

interface StrangerInput {
  readonly accountId: string
  readonly nativeId: string
  readonly typedName: string
  readonly environment: Readonly<Record<string, string>>
}

type Parts = Pick<
  ServiceParts,
  'accounts' | 'providers' | 'clientEnvironment' | 'clock' | 'journal' | 'homeId' | 'log'
>

/** In physical time: most providers end a machine well within it; the list shows the rest. */
const patienceRealMs = 60_000

/**
 * Ends a machine that this home's journal does not know, by the user's word: its typed name. It is
 * looked up again first, so that what is released is what the user saw.
 */
export async function releaseStranger(
  parts: Parts,
  { accountId, nativeId, typedName, environment }: StrangerInput,
  signal: AbortSignal,
): Promise<{ gone: boolean; sentence: string }> {
  parts.clientEnvironment.learn(environment)
  const session = await parts.providers.session(parts.accounts.get(accountId).id)
  const found = await findBillable(session, nativeId, signal)
  if (found === null) return { gone: true, sentence: `${nativeId} is not there any more.` }
  const way = releaseWay(parts, found)
  if (way.release === 'elsewhere') throw new SubletError('unsupported', way.releaseSentence)
  if (way.release === 'now' || found.rentalId === null) {
    throw new SubletError('conflict', `${found.name} is ours: release it the usual way.`)
  }
  if (typedName.trim() !== found.name) {
    throw new SubletError(
      'confirmation-needed',
      `Type the machine's name, ${found.name}, to release it.`,
    )
  }
  parts.log.warn({ accountId, nativeId }, "Releases a stranger's machine by the user's word.")
  const rental = {
    rentalId: found.rentalId,
    instanceId: found.nativeId === '' ? null : found.nativeId,
    launchedAt: found.createdAt ?? 0,
    seen: true,
    region: found.region,
  }
  const { clock } = parts
  const until = clock.now() + patienceRealMs / clock.realMs(1)
  for (;;) {
    const outcome = await session.release(rental, signal)
    if (outcome.kind === 'receipt') {
      return { gone: true, sentence: `${found.name} is gone, as the provider confirmed.` }
    }
    if (clock.now() >= until) return { gone: false, sentence: outcome.message }
    await clock.sleep(outcome.pollAfterMs, signal)
  }
}

async function findBillable(
  session: ProviderSession,
  nativeId: string,
  signal: AbortSignal,
): Promise<Billable | null> {
  for await (const one of session.list(signal)) {
    if (one.kind === 'machine' && one.nativeId === nativeId) return one
  }
  return null
}
