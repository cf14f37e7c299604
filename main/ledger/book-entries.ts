import { ledgerEntrySchema } from '../../preload/contract/ledger.ts'
import type { LedgerEntry } from '../../preload/contract/ledger.ts'
import { slices } from '../domain/billing-slices.ts'
import type { Slice } from '../domain/billing-slices.ts'
import { splitMicros } from '../domain/money.ts'
import type { ReportingZone } from '../domain/reporting-day.ts'
import type { RentalAccount } from './rental-account.ts'

export interface Booking {
  readonly account: RentalAccount
  readonly from: number
  readonly to: number
  /** Its disk may have lasted longer. At most `to`. */
  readonly machineTo: number
  readonly status: LedgerEntry['status']
  readonly zone: ReportingZone
  readonly computeMicros: number
  readonly storageMicros: number
  readonly egressMicros: number
  /** The same three together, as our own meter counts them. */
  readonly meteredMicros: number
  /** The time that is paid for. */
  readonly billedMs: number
}

/** A share of one part: whose, which day, how much. */
interface Share {
  readonly part: LedgerEntry['part']
  readonly jobId: string | null
  readonly day: string
  readonly from: number
  readonly to: number
  readonly micros: number
  readonly billedMs: number
  readonly usefulMs: number
}

/**
 * Turns the three sums of a rental into entries by job and reporting day. Each sum is split over
 * the slices of time by cumulative rounding, so that entries add up to it whatever the cut; jobs
 * that share a slice share its money. Ids are deterministic: booking again replaces. Traffic is
 * split by time too, since nobody counts it by job; it falls to jobs only, where there were any.
 */
export function bookEntries(booking: Booking): LedgerEntry[] {
  const { account, from, to, machineTo, zone } = booking
  const cut = slices(from, machineTo, account.allocations, zone)
  const stored = slices(from, to, account.allocations, zone)
  const used = cut.filter((slice) => slice.jobIds.length > 0)
  const shares = [
    ...addTime(booking, cut, shareOut('compute', booking.computeMicros, cut)),
    ...(booking.storageMicros === 0 ? [] : shareOut('storage', booking.storageMicros, stored)),
    ...(booking.egressMicros === 0
      ? []
      : shareOut('egress', booking.egressMicros, used.length === 0 ? cut : used)),
  ]
  const merged = merge(shares)
  const metered = splitMicros(
    booking.meteredMicros,
    merged.map((share) => Math.abs(share.micros)),
  )
  return merged.map((share, index) => toEntry(booking, share, metered[index] ?? 0, index === 0))
}

function shareOut(part: LedgerEntry['part'], sum: number, cut: readonly Slice[]): Share[] {
  const amounts = splitMicros(
    sum,
    cut.map((slice) => slice.to - slice.from),
  )
  return cut.flatMap((slice, index) => {
    const amount = amounts[index] ?? 0
    const owners = slice.jobIds.length === 0 ? [null] : slice.jobIds
    const each = splitMicros(
      amount,
      owners.map(() => 1),
    )
    return owners.map((jobId, owner) => ({
      part: part === 'compute' && jobId === null ? ('idle' as const) : part,
      jobId,
      day: slice.day,
      from: slice.from,
      to: slice.to,
      micros: each[owner] ?? 0,
      billedMs: 0,
      usefulMs: 0,
    }))
  })
}

/** Gives the shares of time (one per slice and owner, in order) their billed and useful time. */
function addTime(booking: Booking, cut: readonly Slice[], shares: readonly Share[]): Share[] {
  const owners = cut.map((slice) => Math.max(1, slice.jobIds.length))
  const billed = splitMicros(
    booking.billedMs,
    cut.map((slice) => slice.to - slice.from),
  ).flatMap((ms, index) =>
    splitMicros(
      ms,
      Array.from({ length: owners[index] ?? 1 }, () => 1),
    ),
  )
  const sharing = owners.flatMap((count) => Array.from({ length: count }, () => count))
  return shares.map((share, index) => ({
    ...share,
    billedMs: billed[index] ?? 0,
    usefulMs: Math.floor(usefulMs(booking.account, share, booking.to) / (sharing[index] ?? 1)),
  }))
}

function usefulMs({ useful = [] }: RentalAccount, share: Share, now: number): number {
  return useful
    .filter((span) => span.jobId === share.jobId)
    .map((span) => Math.min(span.to ?? now, share.to) - Math.max(span.from, share.from))
    .reduce((sum, ms) => sum + Math.max(0, ms), 0)
}

/** One share per part, job and day. */
function merge(shares: readonly Share[]): Share[] {
  const merged = new Map<string, Share>()
  for (const share of shares) {
    const key = `${share.part}:${share.jobId ?? ''}:${share.day}`
    const known = merged.get(key)
    merged.set(key, {
      ...share,
      from: Math.min(share.from, known?.from ?? share.from),
      to: Math.max(share.to, known?.to ?? share.to),
      micros: share.micros + (known?.micros ?? 0),
      billedMs: share.billedMs + (known?.billedMs ?? 0),
      usefulMs: share.usefulMs + (known?.usefulMs ?? 0),
    })
  }
  return [...merged.values()]
}

function toEntry(
  booking: Booking,
  share: Share,
  meteredMicros: number,
  first: boolean,
): LedgerEntry {
  const { account, status } = booking
  const job = account.allocations.find((one) => one.jobId === share.jobId)
  const { part, jobId, day, from, to } = share
  return ledgerEntrySchema.parse({
    id: `${account.rentalId}:${part}:${jobId ?? 'none'}:${day}`,
    rentalId: account.rentalId,
    accountId: account.accountId,
    providerId: account.providerId,
    jobId,
    jobName: job?.jobName ?? null,
    project: job?.project ?? null,
    gpu: gpuLabel(account),
    part,
    from,
    to,
    micros: share.micros,
    meteredMicros,
    billedMs: share.billedMs,
    usefulMs: account.useful === undefined ? null : share.usefulMs,
    status,
    // Once for the whole rental: on every line it would be counted several times.
    estimateMicros: first ? account.estimateMicros : null,
    receiptAt: account.receipt?.confirmedAt ?? null,
    simulated: account.offer.simulated,
  })
}

/** `H100`, `8× H100`; null for a machine without GPU. */
function gpuLabel({ offer }: RentalAccount): string | null {
  if (offer.gpu === null) return null
  return offer.gpu.count === 1 ? offer.gpu.name : `${offer.gpu.count}× ${offer.gpu.name}`
}
