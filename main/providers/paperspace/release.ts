import { z } from 'zod'
import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import { deleteKnown } from '../http/delete-known.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { ReleaseParts } from '../release-rental.ts'
import { removeStartScripts } from './start-script.ts'

/** Not documented; a machine is in the list as soon as its creation is answered. */
export const visibleWithinMs = 60_000

export interface EndingParts {
  readonly api: HttpApi
  readonly account: Account
  readonly context: ProviderContext
}

/** How things are ended here. A machine takes its disk along, and its dynamic address. */
export function releaseParts(
  { api, account, context }: EndingParts,
  signal: AbortSignal,
): Omit<ReleaseParts, 'list' | 'listing'> {
  return {
    account,
    clock: context.clock,
    name: 'Paperspace',
    visibleWithinMs,
    pollAfterMs: 10_000,
    // No state says "being deleted": asked again, the API says so itself.
    isEnding: () => false,
    end: (row) =>
      row.kind === 'machine'
        ? endMachine(api, row, signal)
        : deleteKnown(api, { path: pathOf(row) }, signal),
    cleanUp: ({ rentalId }, note) => removeStartScripts(api, rentalId, note, signal),
  }
}

/** The documentation has machines switched off before; where that is insisted on, it is done first. */
export async function endMachine(
  api: HttpApi,
  row: Pick<Billable, 'kind' | 'nativeId' | 'state'>,
  signal: AbortSignal,
) {
  const path = pathOf(row)
  try {
    return await deleteKnown(api, { path }, signal)
  } catch (thrown) {
    const isRefused = thrown instanceof SubletError && ['invalid', 'conflict'].includes(thrown.code)
    if (!isRefused || row.state === 'off') throw thrown
    const asked = `DELETE ${path}, PATCH ${path}/stop`
    if (row.state === 'stopping') return { asked, answered: thrown.message }
    await api.call(z.unknown(), { method: 'PATCH', path: `${path}/stop` }, signal)
    return { asked, answered: 'stopping first' }
  }
}

const paths: Readonly<Partial<Record<Billable['kind'], string>>> = {
  machine: '/machines',
  disk: '/shared-drives',
  address: '/public-ips',
}

const pathOf = ({ kind, nativeId }: Pick<Billable, 'kind' | 'nativeId'>): string =>
  `${paths[kind] ?? ''}/${encodeURIComponent(nativeId)}`
