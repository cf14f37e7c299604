import type { LeaseLevel, StopVerdict } from '../../preload/contract/rental.ts'

/** What was read back of one level: the time at which it ends the rental, or why it does not. */
export type LeaseReading =
  | { readonly kind: 'read'; readonly endsAt: number }
  | { readonly kind: 'none'; readonly because: string }

export interface LeaseReadings {
  /** The provider's own expiry, as the provider answered. */
  readonly provider: LeaseReading
  /** The watchdog's lease file, as read on the machine, where it can end the rental from there. */
  readonly machine: LeaseReading
  /** This computer: it can release as long as it runs and holds the account's keys. */
  readonly client: LeaseReading
}

/** A watchdog looks every few seconds and a provider rounds to the minute. */
const toleranceMs = 120_000

const because: Readonly<Record<LeaseLevel['level'], string>> = {
  provider: 'The provider itself ends it, as it confirmed.',
  machine: 'The watchdog on the machine ends it, as read back from there.',
  client: 'This computer ends it while it is running.',
}

/**
 * Whether a rental stops by itself if this computer dies: only if a level elsewhere was read back
 * with an end that is not later than `endBy`. A level that ends too late does not hold.
 */
export function stopVerdict(readings: LeaseReadings, endBy: number): StopVerdict {
  const levels = (['provider', 'machine', 'client'] as const).map((level) =>
    judge(level, readings[level], endBy),
  )
  const elsewhere = levels.flatMap((level) =>
    level.level !== 'client' && level.holds && level.endsAt !== null ? [level.endsAt] : [],
  )
  return {
    stopsByItself: elsewhere.length > 0,
    endsAt: elsewhere.length > 0 ? Math.min(...elsewhere) : null,
    levels,
  }
}

/** `true`, or the sentence that says why not: as providers state their capabilities. */
export type Ability = true | string

/**
 * The verdict that an offer may be launched with, before anything can be read back: what the
 * provider says of itself. It is replaced by `stopVerdict` once the machine is there.
 */
export function promisedVerdict(
  able: { readonly expiry: Ability; readonly selfTermination: Ability; readonly client: Ability },
  endBy: number,
): StopVerdict {
  const reading = (promise: Ability): LeaseReading =>
    promise === true ? { kind: 'read', endsAt: endBy } : { kind: 'none', because: promise }
  return stopVerdict(
    {
      provider: reading(able.expiry),
      machine: reading(able.selfTermination),
      client: reading(able.client),
    },
    endBy,
  )
}

/** Why nothing but this computer ends it, in one sentence; null when something else does. */
export function whyNot(verdict: StopVerdict): string | null {
  if (verdict.stopsByItself) return null
  const reasons = verdict.levels
    .filter((level) => level.level !== 'client' && !level.holds)
    .map((level) => level.because)
  return reasons.join(' ')
}

function judge(level: LeaseLevel['level'], reading: LeaseReading, endBy: number): LeaseLevel {
  if (reading.kind === 'none') {
    return { level, holds: false, endsAt: null, because: reading.because }
  }
  if (reading.endsAt > endBy + toleranceMs) {
    const late = Math.ceil((reading.endsAt - endBy) / 60_000)
    return { level, holds: false, endsAt: null, because: `It would end ${late} min too late.` }
  }
  return { level, holds: true, endsAt: reading.endsAt, because: because[level] }
}
