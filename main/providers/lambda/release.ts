import { z } from 'zod'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import { deleteKnown } from '../http/delete-known.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { ReleaseParts } from '../release-rental.ts'
import { filesystemRow, machineRow } from './instance.ts'
import { filesystemsSchema, instancesSchema, keysSchema, terminatedSchema } from './wire.ts'

/** Not documented; users see a machine in the list within seconds. */
export const visibleWithinMs = 60_000

/** Everything that is billed on the account: machines, and file systems, which outlive them. */
export async function* listBillables(
  api: HttpApi,
  account: Account,
  signal: AbortSignal,
): AsyncGenerator<Billable> {
  const machines = await api.call(instancesSchema, { method: 'GET', path: '/instances' }, signal)
  for (const machine of machines.data) {
    if (machine.status === 'terminated' || machine.status === 'preempted') continue
    yield machineRow(machine, account)
  }
  const disks = await api.call(filesystemsSchema, { method: 'GET', path: '/file-systems' }, signal)
  for (const disk of disks.data) yield filesystemRow(disk, account)
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
    name: 'Lambda',
    visibleWithinMs,
    pollAfterMs: 5_000,
    listing: 'GET /instances, GET /file-systems',
    list: () => listBillables(api, account, signal),
    isEnding: ({ state }) => state === 'terminating',
    end: (row) =>
      row.kind === 'disk' ? deleteDisk(api, row, signal) : terminate(api, row, signal),
    cleanUp: (rental, notes) => removeKey(api, rental.rentalId, notes, signal),
  }
}

async function terminate(api: HttpApi, { nativeId }: Billable, signal: AbortSignal) {
  const path = '/instance-operations/terminate'
  const asked = `POST ${path} ${nativeId}`
  const body = { instance_ids: [nativeId] }
  try {
    const { data } = await api.call(terminatedSchema, { method: 'POST', path, body }, signal)
    return { asked, answered: data.terminated_instances[0]?.status ?? 'accepted' }
  } catch (thrown) {
    return { asked, answered: goneAlready(thrown) }
  }
}

function deleteDisk(api: HttpApi, { nativeId }: Billable, signal: AbortSignal) {
  return deleteKnown(api, { path: `/filesystems/${encodeURIComponent(nativeId)}` }, signal)
}

/** The key that the launch has named: it costs nothing, and is nobody's any more. */
async function removeKey(
  api: HttpApi,
  rentalId: string,
  note: (asked: string, answered: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { data } = await api.call(keysSchema, { method: 'GET', path: '/ssh-keys' }, signal)
  for (const { id, name } of data) {
    if (name !== rentalId) continue
    const path = `/ssh-keys/${encodeURIComponent(id)}`
    await api.call(z.unknown(), { method: 'DELETE', path }, signal)
    note(`DELETE ${path}`, 'deleted')
  }
}

/** What the provider says of a thing that it does not know; every other failure stays one. */
function goneAlready(thrown: unknown): string {
  if (thrown instanceof SubletError && thrown.code === 'not-found') return thrown.message
  throw thrown
}
