import type { Collection } from '../../preload/contract/collection.ts'
import type { ResultsWay } from '../../preload/contract/bucket.ts'
import { formatBytes, formatDuration, formatMicros } from '../domain/format.ts'
import { goesByBucket, slowHomeMs } from './results-way.ts'

const bucketSentence =
  'The machine sends the results to your bucket and is given back; they come home from there.'
const noBucket =
  'No bucket is set, so the results come straight home. Set one in Settings, or with "sublet bucket set".'

/** What a proposal says of the way that results take: what is understood, and what to mind. */
export function wayWords(
  results: ResultsWay | undefined,
  collection: Collection,
  hasBucket: () => boolean,
): { readonly understood: readonly string[]; readonly warnings: readonly string[] } {
  if (!goesByBucket(results, collection, null)) {
    return { understood: [], warnings: slowHome(collection) }
  }
  return hasBucket()
    ? { understood: [bucketSentence], warnings: [] }
    : { understood: [], warnings: [noBucket] }
}

function slowHome(one: Collection): string[] {
  if (one.ms < slowHomeMs) return []
  const paid = formatMicros(one.egressMicros + one.machineMicros)
  return [
    `Bringing ${formatBytes(one.bytes)} home keeps the machine for about ${formatDuration(one.ms)} after the job, for about ${paid}: let the job write less, or upload what is large by itself.`,
  ]
}
