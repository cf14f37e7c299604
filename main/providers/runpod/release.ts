import type { Billable } from '../../../preload/contract/rental.ts'
import { epochMs } from '../epoch-ms.ts'
import { deleteKnown } from '../http/delete-known.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { ReleaseParts } from '../release-rental.ts'
import { isGone, podRow, volumeRow } from './instance.ts'
import { endpointsSchema, podsSchema, volumesSchema } from './wire.ts'

/** Not documented; a created pod is in the answer to its creation. */
export const visibleWithinMs = 60_000

/** Everything that is billed on the account, with what does not go through Sublet. */
export async function* listBillables(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  yield* listPods(api, account, signal)
  const path = '/v2/network-volumes'
  const { networkVolumes } = await api.call(volumesSchema, { method: 'GET', path }, signal)
  for (const volume of networkVolumes) yield volumeRow(volume, account)
  yield* listEndpoints(api, account, signal)
}

/** All that a rental consists of: it has no disk of its own. */
async function* listPods(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  const call = { method: 'GET', path: '/v2/pods', query: { includeClusterPods: true } } as const
  const { pods } = await api.call(podsSchema, call, signal)
  for (const pod of pods) if (!isGone(pod)) yield podRow(pod, account)
}

/** Serverless endpoints that keep workers; what the others cost depends on their requests. */
async function* listEndpoints(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  const path = '/v2/serverless'
  const { endpoints } = await api.call(endpointsSchema, { method: 'GET', path }, signal)
  for (const { id, name, workers, createdAt } of endpoints) {
    const { min = 0 } = workers
    if (min === 0) continue
    yield {
      kind: 'other',
      providerId: account.providerId,
      accountId: account.id,
      nativeId: id,
      name,
      rentalId: null,
      homeId: null,
      state: min === 1 ? 'a serverless worker is kept' : `${min} serverless workers are kept`,
      region: '',
      microsPerHour: null,
      createdAt: epochMs(createdAt),
    }
  }
}

/** How things are ended here. */
export function releaseParts(
  api: HttpApi,
  account: Account,
  { clock }: ProviderContext,
  signal: AbortSignal,
): ReleaseParts {
  return {
    account,
    clock,
    name: 'RunPod',
    visibleWithinMs,
    pollAfterMs: 3_000,
    listing: 'GET /v2/pods',
    list: () => listPods(api, account, signal),
    isEnding: () => false,
    end: (row) => end(api, row, signal),
  }
}

/** The same for anything that is listed. */
export function releaseAnyParts(
  api: HttpApi,
  account: Account,
  context: ProviderContext,
  signal: AbortSignal,
): ReleaseParts {
  return {
    ...releaseParts(api, account, context, signal),
    listing: 'GET /v2/pods, GET /v2/network-volumes',
    list: () => listBillables(api, account, signal),
  }
}

function end(api: HttpApi, { kind, nativeId }: Billable, signal: AbortSignal) {
  const path = `/v2/${kind === 'disk' ? 'network-volumes' : 'pods'}/${encodeURIComponent(nativeId)}`
  return deleteKnown(api, { path }, signal)
}
