import type { Billable } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import { deleteKnown } from '../http/delete-known.ts'
import type { HttpApi } from '../http/http-api.ts'
import type { Pacer } from '../http/pacer.ts'
import type { Account, ProviderContext } from '../provider.ts'
import type { ReleaseParts } from '../release-rental.ts'
import { removeKeys } from './keys.ts'

/** Not documented; a droplet is in the list as soon as its creation is answered. */
export const visibleWithinMs = 60_000

export interface EndingParts {
  readonly api: HttpApi
  readonly account: Account
  readonly context: ProviderContext
  readonly keyListPacer: Pacer
}

/** How things are ended here. A droplet takes its own disk and address along. */
export function releaseParts(
  { api, account, context, keyListPacer }: EndingParts,
  signal: AbortSignal,
): Omit<ReleaseParts, 'list' | 'listing'> {
  return {
    account,
    clock: context.clock,
    name: 'DigitalOcean',
    visibleWithinMs,
    pollAfterMs: 5_000,
    // The API shows no droplet as on its way out: asked again, it says so itself.
    isEnding: () => false,
    end: (row) => end(api, row, signal),
    cleanUp: ({ rentalId }, note) => removeKeys(api, keyListPacer, rentalId, note, signal),
  }
}

const paths: Readonly<Partial<Record<Billable['kind'], string>>> = {
  machine: '/droplets',
  disk: '/volumes',
  address: '/reserved_ips',
}

async function end(api: HttpApi, { kind, nativeId }: Billable, signal: AbortSignal) {
  const path = `${paths[kind] ?? ''}/${encodeURIComponent(nativeId)}`
  try {
    return await deleteKnown(api, { path }, signal)
  } catch (thrown) {
    // Busy with what was asked before: the list decides.
    if (!(thrown instanceof SubletError) || thrown.code !== 'conflict') throw thrown
    return { asked: `DELETE ${path}`, answered: thrown.message }
  }
}
