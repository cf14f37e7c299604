import type { Receipt } from '../../../preload/contract/rental.ts'

interface Receipts {
  readonly receipt: Receipt | null
  /** Receipts after which it showed up again, oldest first. */
  readonly earlierReceipts: readonly Receipt[]
}

/** Every receipt there was, oldest first; several where the machine showed up again. */
export function receiptsOf({ earlierReceipts, receipt }: Receipts): Receipt[] {
  return receipt === null ? [...earlierReceipts] : [...earlierReceipts, receipt]
}

/** When a machine's own bill ended: by the first receipt after which it itself was not seen again. */
export function machineGone(rental: {
  readonly machineGoneAt: number | null
  readonly receipt: Receipt | null
}): number | null {
  return rental.machineGoneAt ?? rental.receipt?.billedTo ?? rental.receipt?.confirmedAt ?? null
}
