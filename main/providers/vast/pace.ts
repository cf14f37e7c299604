import type { Clock } from '../../domain/clock.ts'
import type { HttpCall, Turns } from '../http/http-api.ts'
import { Pacers } from '../http/pacer.ts'

/**
 * "A minimum interval between requests for a given endpoint and identity"
 * (docs.vast.ai/api-reference/rate-limits-and-errors). The intervals are the thresholds that the API
 * description of 2026-08-07 shows in its 429 answers, in milliseconds; the search has none there.
 */
const intervals = {
  create: 4_500,
  destroy: 3_000,
  show: 2_000,
  attach: 2_000,
  volumes: 5_500,
  search: 2_000,
  other: 1_000,
} as const

type Endpoint = keyof typeof intervals

/** The pacers of all accounts, for as long as the engine lives. */
export class VastPaces {
  readonly #byEndpoint = new Map(
    Object.entries(intervals).map(([name, everyMs]) => [name, new Pacers({ everyMs, burst: 1 })]),
  )

  /** The turns of one account: each endpoint waits for itself alone. */
  of(accountId: string, clock: Clock): Turns {
    return {
      turn: async (signal, call) =>
        this.#byEndpoint.get(endpointOf(call))?.of(accountId, clock).turn(signal),
    }
  }
}

function endpointOf({ method, path }: HttpCall): Endpoint {
  if (path.startsWith('/api/v0/asks/')) return 'create'
  if (path.startsWith('/api/v0/bundles/')) return 'search'
  if (path.startsWith('/api/v0/volumes/')) return 'volumes'
  if (/^\/api\/v0\/instances\/\d+\/ssh\/$/.test(path)) return 'attach'
  if (!path.startsWith('/api/v0/instances/')) return 'other'
  return method === 'DELETE' ? 'destroy' : 'show'
}
