import type { RemoteItem } from '../receive-types.ts'
import { setOf, type Unit } from './units.ts'

/** Results that are fetched, checked and put in place together. */
export interface Batch {
  readonly items: readonly RemoteItem[]
  /** All or nothing. */
  readonly isSet: boolean
}

const BATCH_BYTES = 32 * 1024 * 1024

/** In the same order: a set by itself, other files in batches of a moderate size. */
export function batchesOf(units: readonly Unit[]): Batch[] {
  const batches: Batch[] = []
  let open: RemoteItem[] = []
  let bytes = 0
  const close = (): void => {
    if (open.length > 0) batches.push({ items: open, isSet: false })
    open = []
    bytes = 0
  }
  for (const unit of units) {
    const [first] = unit.items
    if (first !== undefined && setOf(first.path) !== null) {
      close()
      batches.push({ items: unit.items, isSet: true })
      continue
    }
    if (bytes > 0 && bytes + unit.bytes > BATCH_BYTES) close()
    open.push(...unit.items)
    bytes += unit.bytes
  }
  close()
  return batches
}
