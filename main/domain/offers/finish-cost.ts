import type { OfferQuery } from '../../../preload/contract/offer.ts'
import { expectedMicros } from '../estimate.ts'
import type { JobSize } from '../estimate.ts'
import { wishes } from '../offer-filter.ts'
import type { ListedOffer } from './listed-offer.ts'

/** What finishing one job is expected to cost on each row, in micro-dollars. */
export interface FinishColumn {
  /** NaN where the job does not fit. */
  readonly micros: Float64Array
  /** Why not, in two words; undefined where it fits. */
  readonly misfits: readonly (string | undefined)[]
}

const reasons: Readonly<Record<Exclude<keyof OfferQuery, 'spot'>, string>> = {
  providerId: 'other provider',
  accountId: 'other account',
  region: 'other region',
  gpuName: 'other GPU',
  minVramGiB: 'too little VRAM',
  gpus: 'too few GPUs',
  maxMicrosPerHour: 'above its limit',
  minDiskGiB: 'disk too small',
  arch: 'other architecture',
  machineType: 'other machine',
}

/** Reckons the column. The job's own wishes decide what fits, whatever the page's filter says. */
export function finishColumn(
  rows: readonly ListedOffer[],
  needs: OfferQuery,
  size: JobSize,
): FinishColumn {
  const list = wishes(needs)
  const micros = new Float64Array(rows.length)
  const misfits = rows.map(({ offer }, index) => {
    const missing = list.find((wish) => !wish.holds(offer))
    micros[index] = missing === undefined ? expectedMicros(offer, size) : Number.NaN
    if (missing?.kind === 'spot') return offer.spot ? 'is spot' : 'not spot'
    return missing === undefined ? undefined : reasons[missing.kind]
  })
  return { micros, misfits }
}
