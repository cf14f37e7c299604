import type { Billable, Evidence } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import { nameToType } from '../../domain/radar/judge.ts'
import type { BillableRef, ProviderSession } from '../../providers/provider.ts'
import type { ServiceParts } from './context.ts'

interface StrangerInput extends Pick<BillableRef, 'kind' | 'nativeId'> {
  readonly accountId: string
  readonly typedName: string
  readonly environment: Readonly<Record<string, string>>
}

type Parts = Pick<
  ServiceParts,
  'accounts' | 'providers' | 'clientEnvironment' | 'clock' | 'radar' | 'log'
>

export interface StrangerRelease {
  readonly gone: boolean
  readonly sentence: string
  readonly evidence: Evidence
}

/** In physical time: most providers end a machine well within it; the list shows the rest. */
const patienceRealMs = 60_000

/**
 * Ends something that this home's journal does not know, by the user's word: its typed name. It is
 * looked up again first, so that what is released is what the user saw, and by its kind and its own
 * id, so that nothing else of that name or id is touched.
 */
export async function releaseStranger(
  parts: Parts,
  { accountId, kind, nativeId, typedName, environment }: StrangerInput,
  signal: AbortSignal,
): Promise<StrangerRelease> {
  const { clientEnvironment, clock, radar, providers, accounts, log } = parts
  clientEnvironment.learn(environment)
  const session = await providers.session(accounts.get(accountId).id)
  const found = await findBillable(session, { kind, nativeId }, signal)
  if (found === null) {
    return { gone: true, sentence: `${nativeId} is not there any more.`, evidence: [] }
  }
  const { release, sentence } = radar.judge(found)
  const name = nameToType(found)
  if (release === 'elsewhere') throw new SubletError('unsupported', sentence)
  if (release === 'now') {
    throw new SubletError('conflict', `${name} is ours: release it the usual way.`)
  }
  if (typedName.trim() !== name.trim()) {
    throw new SubletError('confirmation-needed', `Type its name, ${name}, to release it.`)
  }
  log.warn({ accountId, kind, nativeId }, 'Releases what is not ours, by the word of the user.')
  const until = clock.now() + patienceRealMs / clock.realMs(1)
  for (;;) {
    const outcome = await releaseOnce(session, found, signal)
    if (outcome.kind === 'gone') {
      return {
        gone: true,
        sentence: `${name} is gone, as the provider confirmed.`,
        evidence: outcome.evidence,
      }
    }
    if (clock.now() >= until) return { gone: false, sentence: outcome.message, evidence: [] }
    await clock.sleep(outcome.pollAfterMs, signal)
  }
}

/** By its id where the provider can; else the way of every Sublet, by the name of its rental. */
async function releaseOnce(session: ProviderSession, found: Billable, signal: AbortSignal) {
  if (session.releaseBillable !== undefined) return await session.releaseBillable(found, signal)
  if (found.rentalId === null) throw new SubletError('unsupported', 'Only the provider can end it.')
  const rental = {
    rentalId: found.rentalId,
    instanceId: found.nativeId === '' ? null : found.nativeId,
    launchedAt: found.createdAt ?? 0,
    seen: true,
    region: found.region,
  }
  const outcome = await session.release(rental, signal)
  return outcome.kind === 'receipt'
    ? ({ kind: 'gone', evidence: outcome.receipt.evidence } as const)
    : outcome
}

async function findBillable(
  session: ProviderSession,
  { kind, nativeId }: Pick<BillableRef, 'kind' | 'nativeId'>,
  signal: AbortSignal,
): Promise<Billable | null> {
  for await (const one of session.list(signal)) {
    if (one.kind === kind && one.nativeId === nativeId) return one
  }
  return null
}
