import type { BillingTerms } from './billing-terms.ts'

/** What the meter needs to know of one machine. Times are epoch ms on the sandbox's clock. */
export interface Metered {
  readonly terms: BillingTerms
  readonly microsPerHour: number
  readonly diskGiB: number
  readonly launchedAt: number
  readonly runningAt: number | null
  readonly endedAt: number | null
  readonly egressBytes: number
}

/** The meter's answer: the interval that is counted, and the total for it. */
export interface Bill {
  readonly billedFrom: number | null
  readonly billedTo: number | null
  readonly billedMicros: number
}

const hourMs = 3_600_000n
const gib = 1024n ** 3n

/** Divides and rounds half up; both operands are not negative. */
function divideRounded(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n)
}

/**
 * What a machine has cost at `now`. Time is rounded up to the increment, with the minimum as a
 * floor; each cost part is rounded to a whole micro-dollar once.
 */
export function billFor(machine: Metered, now: number): Bill {
  const { terms } = machine
  const from = terms.startsAt === 'launch' ? machine.launchedAt : machine.runningAt
  if (from === null) return { billedFrom: null, billedTo: null, billedMicros: 0 }
  const used = BigInt(Math.max(0, Math.round((machine.endedAt ?? now) - from)))
  const increment = BigInt(terms.incrementMs)
  const minimum = BigInt(terms.minimumMs)
  const floor = used < minimum ? minimum : used
  const counted = ((floor + increment - 1n) / increment) * increment
  const time = divideRounded(BigInt(machine.microsPerHour) * counted, hourMs)
  const disk = divideRounded(
    BigInt(terms.diskMicrosPerGibHour) * BigInt(Math.ceil(machine.diskGiB)) * counted,
    hourMs,
  )
  const egress = divideRounded(BigInt(terms.egressMicrosPerGib) * BigInt(machine.egressBytes), gib)
  return {
    billedFrom: from,
    billedTo: from + Number(counted),
    billedMicros: Number(time + disk + egress),
  }
}
