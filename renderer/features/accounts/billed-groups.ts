import type { BillableSum } from '../../../preload/contract/radar.ts'
import { sumBillables } from '../../../main/domain/billable-sums.ts'
import { sumWords } from '../../../main/domain/radar/words.ts'
import type { MachineRow, Machines } from './accounts-store.ts'

/** Rows that are there for the same reason, with what they cost together. */
export interface BilledGroup {
  readonly use: MachineRow['use']
  readonly title: string
  readonly rows: readonly MachineRow[]
  /** `$0.80/h, $584.00/month (730 h)`; practice money apart. */
  readonly sum: string
}

const titles: Readonly<Record<MachineRow['use'], string>> = {
  unused: 'Not used by any job',
  releasing: 'Being released',
  'in-use': 'In use',
  stranger: 'Not this Sublet’s',
}
/** What wants the user's eye first. */
const order = ['unused', 'releasing', 'in-use', 'stranger'] as const

/** The groups that have rows; rows keep their places while only their states move. */
export function billedGroups({ billables }: Pick<Machines, 'billables'>): readonly BilledGroup[] {
  return order.flatMap((use) => {
    const rows = billables
      .filter((one) => one.use === use)
      .toSorted((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0) || (keyOf(a) < keyOf(b) ? -1 : 1))
    return rows.length === 0 ? [] : [{ use, title: titles[use], rows, sum: groupSum(rows) }]
  })
}

/** The same thing keeps its key. */
export function keyOf({ providerId, kind, nativeId, name }: MachineRow): string {
  return `${providerId} ${kind} ${nativeId === '' ? name : nativeId}`
}

/** Everything together; practice money is never added to real money. */
export function groupSum(rows: readonly MachineRow[]): string {
  const sums: readonly (readonly [BillableSum, string])[] = [
    [sumBillables(rows.filter(({ simulated }) => !simulated)), ''],
    [sumBillables(rows.filter(({ simulated }) => simulated)), 'practice money '],
  ]
  return sums
    .filter(([sum]) => sum.count > 0)
    .map(([sum, money]) => `${money}${sumWords(sum)}`)
    .join('; ')
}

/** When the account that was read the longest ago was read; null while one never answered. */
export function oldestRead({ accounts }: Pick<Machines, 'accounts'>): number | null {
  const read = accounts.flatMap(({ fetchedAt }) => fetchedAt ?? [])
  return read.length === 0 ? null : Math.min(...read)
}
