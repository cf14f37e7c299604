import { SubletError } from './errors.ts'

const hourMs = 3_600_000

/** Days of an IANA zone, for splitting intervals where the calendar day changes. */
export interface ReportingZone {
  readonly name: string
  /** `2026-03-29`: the calendar day there at that time. */
  dayOf(at: number): string
  /** The first time after `at` that falls on another day; 23 to 25 hours after the last, as a rule. */
  nextDayAfter(at: number): number
}

/**
 * Opens a zone by its IANA name (`Europe/Berlin`, `UTC`). Fails with `invalid` on an unknown one.
 * Opening one is dear, and so is the first question about a day: keep it for many questions.
 */
export function reportingZone(name: string): ReportingZone {
  const format = dayFormat(name)
  let known = { from: 0, to: 0 }
  const dayOf = (at: number): string => {
    const parts = format.formatToParts(at)
    return `${pick(parts, 'year')}-${pick(parts, 'month')}-${pick(parts, 'day')}`
  }
  const nextDayAfter = (at: number): number => {
    if (at < known.from || at >= known.to) known = { from: at, to: nextChange(dayOf, at) }
    return known.to
  }
  return { name, dayOf, nextDayAfter }
}

/** The zone that `name` names at the time of the call, opened anew only where that has changed. */
export function followZone(name: () => string): () => ReportingZone {
  let zone: ReportingZone | null = null
  return () => {
    const wanted = name()
    if (zone?.name !== wanted) zone = reportingZone(wanted)
    return zone
  }
}

/** Whole hours until the day has changed, then bisection to the millisecond: no offset arithmetic, so that no clock change can break it. */
function nextChange(dayOf: (at: number) => string, at: number): number {
  const today = dayOf(at)
  let before = at
  let after = at + hourMs
  while (dayOf(after) === today) {
    before = after
    after += hourMs
  }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dayOf(middle) === today) before = middle
    else after = middle
  }
  return after
}

function dayFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      calendar: 'iso8601',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
  } catch (error) {
    throw new SubletError(
      'invalid',
      `"${zone}" is not a time zone: write it as Europe/Berlin or UTC.`,
      { cause: error },
    )
  }
}

function pick(parts: readonly Intl.DateTimeFormatPart[], type: string): string {
  return parts.find((part) => part.type === type)?.value ?? ''
}
