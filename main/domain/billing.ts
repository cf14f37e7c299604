import type { Micros } from '../../preload/contract/money.ts'
import type { BillingTerms, Offer } from '../../preload/contract/offer.ts'
import { microsForMs, scaleMicros, sumMicros } from './money.ts'

const bytesPerGib = 2 ** 30
const msPerHour = 3_600_000
const mibPerGib = 1_024

export interface Cost {
  readonly computeMicros: Micros
  readonly storageMicros: Micros
  readonly egressMicros: Micros
  readonly totalMicros: Micros
  /** The time that is paid for: the interval rounded up, at least the minimum. */
  readonly billedMs: number
}

/**
 * The time a provider bills for an interval: rounded up to the increment, at least the minimum,
 * even for a machine that lived no time. An interval that runs backwards counts as empty.
 */
export function billedMs(
  terms: Pick<BillingTerms, 'incrementMs' | 'minimumMs'>,
  fromMs: number,
  toMs: number,
): number {
  const lived = Math.max(0, toMs - fromMs)
  const rounded = Math.ceil(lived / terms.incrementMs) * terms.incrementMs
  return Math.max(rounded, terms.minimumMs)
}

/**
 * What a rental costs from `fromMs` to `toMs`: each part rounded half up once. The disk is billed
 * for the same time as the machine; sizes count in whole MiB.
 */
export function cost(
  terms: BillingTerms,
  microsPerHour: number,
  diskGiB: number,
  egressBytes: number,
  fromMs: number,
  toMs: number,
): Cost {
  const billed = billedMs(terms, fromMs, toMs)
  const computeMicros = microsForMs(microsPerHour, billed)
  const storageMicros = storageFor(terms, diskGiB, billed)
  const egressMicros = egressFor(terms, egressBytes)
  return {
    computeMicros,
    storageMicros,
    egressMicros,
    totalMicros: sumMicros([computeMicros, storageMicros, egressMicros]),
    billedMs: billed,
  }
}

/** What traffic out of the machine costs. */
export function egressFor(terms: BillingTerms, egressBytes: number): Micros {
  return scaleMicros(terms.egressMicrosPerGib, Math.max(0, egressBytes), bytesPerGib)
}

/** The hourly price with the machine's disk, rounded up: what budgets must reckon with. */
export function allInMicrosPerHour(
  offer: Pick<Offer, 'microsPerHour' | 'billing' | 'diskGiB'>,
): number {
  const disk = (offer.billing.diskMicrosPerGibHour * wholeMib(offer.diskGiB)) / mibPerGib
  return offer.microsPerHour + Math.ceil(disk)
}

/** The least that renting this offer can cost: a machine given back at once. */
export function minimumBill(offer: Pick<Offer, 'microsPerHour' | 'billing' | 'diskGiB'>): Micros {
  // At least one increment: no provider gives a machine back in no time.
  return cost(offer.billing, offer.microsPerHour, offer.diskGiB, 0, 0, 1).totalMicros
}

/** What a disk costs that outlived its machine, from `fromMs` to `toMs`. */
export function diskAlone(
  terms: BillingTerms,
  diskGiB: number,
  fromMs: number,
  toMs: number,
): Micros {
  return storageFor(terms, diskGiB, billedMs({ ...terms, minimumMs: 0 }, fromMs, toMs))
}

function storageFor(terms: BillingTerms, diskGiB: number, billed: number): Micros {
  if (terms.diskMicrosPerGibHour === 0) return scaleMicros(0, 0, 1)
  const perGib = terms.diskMicrosPerGibHour * wholeMib(diskGiB)
  return scaleMicros(perGib, billed, mibPerGib * msPerHour)
}

function wholeMib(diskGiB: number): number {
  return Math.round(diskGiB * mibPerGib)
}
