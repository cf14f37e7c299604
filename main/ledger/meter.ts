import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import type { Micros } from '../../preload/contract/money.ts'
import { cost, diskAlone } from '../domain/billing.ts'
import type { Cost } from '../domain/billing.ts'
import { micros, splitMicros, sumMicros, zeroMicros } from '../domain/money.ts'
import type { ReportingZone } from '../domain/reporting-day.ts'
import { bookEntries } from './book-entries.ts'
import type { RentalAccount } from './rental-account.ts'

export interface Metered {
  readonly rentalId: RentalAccount['rentalId']
  readonly entries: readonly LedgerEntry[]
  readonly status: LedgerEntry['status']
  readonly totalMicros: Micros
  /** What our own meter makes of it: the total less this is the drift. */
  readonly meteredMicros: Micros
  readonly driftMicros: Micros
  /** The time that is paid for. */
  readonly billedMs: number
}

/**
 * What a rental costs, as entries that add up to the total exactly. Estimated while it lives (up to
 * `now`); metered by our clock, or the provider's interval where the receipt says it; reconciled
 * when the receipt says the amount, which then is the total. A launch that never took effect
 * costs nothing and has no entries.
 */
export function meterRental(account: RentalAccount, now: number, zone: ReportingZone): Metered {
  const { receipt } = account
  const { from, machineTo, lived } = billedInterval(account, now)
  const billedMicros = receipt?.billedMicros ?? null
  const status = statusOf(account)
  if (receipt !== null && receipt.instanceId === null && (billedMicros ?? 0) === 0) {
    return nothing(account, status)
  }
  const own = ownCost(account, now)
  const total = billedMicros ?? own.totalMicros
  const parts = share(own, total)
  return {
    rentalId: account.rentalId,
    entries: bookEntries({
      account,
      from,
      to: lived,
      machineTo,
      status,
      zone,
      ...parts,
      meteredMicros: own.totalMicros,
      billedMs: own.billedMs,
    }),
    status,
    totalMicros: micros(total),
    meteredMicros: own.totalMicros,
    driftMicros: micros(total - own.totalMicros),
    billedMs: own.billedMs,
  }
}

/** The cost of a rental so far, or its final cost. */
export function costSoFar(account: RentalAccount, now: number): Micros {
  const { receipt } = account
  if (receipt?.billedMicros != null) return receipt.billedMicros
  if (receipt !== null && receipt.instanceId === null) return zeroMicros
  return ownCost(account, now).totalMicros
}

/** By our own meter: the machine with its disk while it was there, then what its disk cost alone. */
function ownCost(account: RentalAccount, now: number): Cost {
  const { offer, egressBytes } = account
  const { from, billedTo, to } = billedInterval(account, now)
  const disk = account.diskGiB ?? offer.diskGiB
  const whole = cost(offer.billing, offer.microsPerHour, disk, egressBytes, from, billedTo)
  if (to <= billedTo) return whole
  const alone = diskAlone(offer.billing, disk, billedTo, to)
  return {
    ...whole,
    storageMicros: sumMicros([whole.storageMicros, alone]),
    totalMicros: sumMicros([whole.totalMicros, alone]),
  }
}

interface BilledInterval {
  readonly from: number
  /** Until when the machine is billed. */
  readonly billedTo: number
  /** Until when anything of it is. */
  readonly to: number
  /** Until when jobs and nobody share what the machine cost. */
  readonly machineTo: number
  /** A provider may count beyond the machine's end; that time is paid for by who used it before. */
  readonly lived: number
}

/** From the provider's own meter where it says; else from our launch until we saw it gone. */
function billedInterval(account: RentalAccount, now: number): BilledInterval {
  const { receipt } = account
  const from = receipt?.billedFrom ?? account.billedFrom ?? account.launchedAt
  const gone = account.goneAt ?? receipt?.confirmedAt ?? now
  const to = Math.max(from, receipt?.billedTo ?? gone)
  const lived = Math.max(from, Math.min(to, gone))
  const machineGoneAt = receipt?.billedTo == null ? (account.machineGoneAt ?? null) : null
  if (machineGoneAt === null) return { from, billedTo: to, to, machineTo: lived, lived }
  const billedTo = Math.max(from, Math.min(to, machineGoneAt))
  return { from, billedTo, to, machineTo: billedTo, lived }
}

function statusOf({ receipt, goneAt }: RentalAccount): LedgerEntry['status'] {
  if (receipt === null) return goneAt === null ? 'estimated' : 'metered'
  return receipt.billedMicros === null ? 'metered' : 'reconciled'
}

/** The provider's total in the proportions of our own parts; all of it compute where we have none. */
function share(
  own: Cost,
  total: number,
): { computeMicros: number; storageMicros: number; egressMicros: number } {
  if (own.totalMicros === 0) return { computeMicros: total, storageMicros: 0, egressMicros: 0 }
  const weights = [own.storageMicros, own.egressMicros, own.computeMicros]
  const [storageMicros = 0, egressMicros = 0, computeMicros = 0] = splitMicros(total, weights)
  return { computeMicros, storageMicros, egressMicros }
}

function nothing(account: RentalAccount, status: LedgerEntry['status']): Metered {
  return {
    rentalId: account.rentalId,
    entries: [],
    status,
    totalMicros: zeroMicros,
    meteredMicros: zeroMicros,
    driftMicros: zeroMicros,
    billedMs: 0,
  }
}
