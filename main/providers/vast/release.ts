import { z } from 'zod'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { ReleaseParts } from '../release-rental.ts'
import { machineRow, volumePrefix, volumeRow } from './instance.ts'
import { instancesSchema, volumesSchema } from './wire.ts'

/** Not documented; the official client shows a machine at once. */
export const visibleWithinMs = 60_000

/** All machines of the account, those that are stopped as their disks. */
export async function* listMachines(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  let token: string | null | undefined
  do {
    const query: Record<string, string | number> = {
      limit: 25,
      ...(token ? { after_token: token } : {}),
    }
    const call = { method: 'GET', path: '/api/v1/instances/', query } as const
    const page = await api.call(instancesSchema, call, signal)
    for (const machine of page.instances) yield machineRow(machine, account)
    // The same token again would never end.
    token = page.next_token === token ? null : page.next_token
  } while (token)
}

/** Everything that is billed on the account: machines, and volumes, which outlive them. */
export async function* listBillables(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  yield* listMachines(api, account, signal)
  // The parameters are the official client's; without them some kinds may be left out.
  const query = { owner: 'me', type: 'all_volume' }
  const call = { method: 'GET', path: '/api/v0/volumes/', query } as const
  const { volumes } = await api.call(volumesSchema, call, signal)
  for (const volume of volumes) yield volumeRow(volume, account)
}

/** How things are ended here: destroyed, as a stopped machine's disk is billed on. */
export function endingParts(
  api: HttpApi,
  account: Account,
  { clock }: ProviderContext,
  signal: AbortSignal,
): ReleaseParts {
  return {
    account,
    clock,
    name: 'Vast.ai',
    visibleWithinMs,
    pollAfterMs: 5_000,
    listing: 'GET /api/v1/instances, GET /api/v0/volumes',
    list: () => listBillables(api, account, signal),
    isEnding: () => false, // Nothing says so; destroying again is harmless.
    end: (row) => destroy(api, row, signal),
  }
}

/** The same for a rental: it has no volumes, which may be listed every 5.5 s only. */
export function releaseParts(
  api: HttpApi,
  account: Account,
  context: ProviderContext,
  signal: AbortSignal,
): ReleaseParts {
  return {
    ...endingParts(api, account, context, signal),
    listing: 'GET /api/v1/instances',
    list: () => listMachines(api, account, signal),
  }
}

async function destroy(api: HttpApi, { nativeId }: Billable, signal: AbortSignal) {
  const call = nativeId.startsWith(volumePrefix)
    ? volumeCall(Number(nativeId.slice(volumePrefix.length)))
    : { path: `/api/v0/instances/${encodeURIComponent(nativeId)}/` }
  const asked = `DELETE ${call.path} ${nativeId}`
  try {
    await api.call(z.unknown(), { method: 'DELETE', ...call }, signal)
    return { asked, answered: 'deleted' }
  } catch (thrown) {
    if (thrown instanceof SubletError && thrown.code === 'not-found')
      return { asked, answered: thrown.message }
    throw thrown
  }
}

/** The description has the id in the body, the official client in the query. */
const volumeCall = (id: number) => ({ path: '/api/v0/volumes/', query: { id }, body: { id } })
