import type { BillableUse, RadarSummary } from '../../../preload/contract/radar.ts'
import type { Billable } from '../../../preload/contract/rental.ts'
import { sumBillables } from '../billable-sums.ts'
import { nameToType, type Judgement } from './judge.ts'

export interface JudgedBillable {
  readonly billable: Billable
  readonly judgement: Pick<Judgement, 'use'>
  readonly accountName: string
  readonly simulated: boolean
}

const namedAtMost = 3

/** What of all that was found nothing of ours needs; practice things apart from real money. */
export function radarSummary(
  found: readonly JudgedBillable[],
  checkedAt: number | null,
  problems: readonly string[],
): RadarSummary {
  const of = (use: BillableUse, simulated: boolean) =>
    found.filter((one) => one.judgement.use === use && one.simulated === simulated)
  const left = (simulated: boolean) => ({
    unused: sumBillables(of('unused', simulated).map(({ billable }) => billable)),
    strangers: sumBillables(of('stranger', simulated).map(({ billable }) => billable)),
  })
  return {
    checkedAt,
    real: left(false),
    practice: left(true),
    names: [...of('unused', false), ...of('unused', true)]
      .slice(0, namedAtMost)
      .map(({ billable, accountName }) => `${nameToType(billable)} (${accountName})`),
    problems: [...problems],
  }
}

/** The summary before anything was asked. */
export const nothingFound: RadarSummary = radarSummary([], null, [])
