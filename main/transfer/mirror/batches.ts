import type { RemoteItem } from '../receive-types.ts'
import { setOf, type Unit } from './units.ts'

/** Results that are fetched, checked and put in place together. */
export interface Batch {
  readonly items: readonly RemoteItem[]
  /** All or nothing, because a set is among them. */
  readonly wholeOnly: boolean
}

const BATCH_BYTES = 32 * 1024 * 1024

/** In the same order, in batches of a moderate size; a unit is never cut. */
export function batchesOf(units: readonly Unit[]): Batch[] {
  const batches: Batch[] = []
  let open: RemoteItem[] = []
  let bytes = 0
  const close = (): void => {
    if (open.length === 0) return
    batches.push({ items: open, wholeOnly: open.some(({ path }) => setOf(path) !== null) })
    open = []
    bytes = 0
  }
  for (const unit of units) {
    if (bytes > 0 && bytes + unit.bytes > BATCH_BYTES) close()
    open.push(...unit.items)
    bytes += unit.bytes
  }
  close()
  return batches
}
