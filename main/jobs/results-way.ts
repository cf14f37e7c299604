import type { Collection } from '../../preload/contract/collection.ts'
import type { ResultsWay } from '../../preload/contract/bucket.ts'

/** From here on the machine waits longer for the line home than is worth it. */
export const slowHomeMs = 30 * 60_000

/** Whether results go by way of a bucket. `leftMs` is the time to the machine's end; null: none yet. */
export function goesByBucket(
  way: ResultsWay | undefined,
  collection: Pick<Collection, 'ms'> | null,
  leftMs: number | null,
): boolean {
  if (way === undefined || way === 'home') return false
  if (way === 'bucket' || collection === null) return way === 'bucket'
  return collection.ms > slowHomeMs || (leftMs !== null && collection.ms > leftMs)
}
