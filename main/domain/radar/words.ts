import type { BillableSum, RadarSummary } from '../../../preload/contract/radar.ts'
import { hoursPerMonth } from '../billable-sums.ts'
import { formatAge, formatCount, formatMicrosPerHour, formatMicrosPerMonth } from '../format.ts'

/** `$0.80/h, $584.00/month (730 h), and 1 of unknown price`. */
export function sumWords({ count, microsPerHour, microsPerMonth, unpriced }: BillableSum): string {
  if (unpriced === count) return 'price unknown'
  const known = `${formatMicrosPerHour(microsPerHour)}, ${formatMicrosPerMonth(microsPerMonth)} (${hoursPerMonth} h)`
  return unpriced === 0 ? known : `${known}, and ${unpriced} of unknown price`
}

/** What this Sublet made and nothing needs, in a sentence; null when there is none. */
export function unusedWords({ real, practice, names }: RadarSummary): string | null {
  const parts = [
    ...(real.unused.count === 0 ? [] : [sumWords(real.unused)]),
    ...(practice.unused.count === 0 ? [] : [`${sumWords(practice.unused)}, simulated`]),
  ]
  if (parts.length === 0) return null
  const count = real.unused.count + practice.unused.count
  const which =
    names.length === 0 ? '' : ` (${names.join(', ')}${count > names.length ? ', …' : ''})`
  return `${formatCount(count, 'thing')} of this Sublet’s that nothing needs${which}: ${parts.join('; ')}.`
}

/** What is billed and not ours, in a sentence; null when there is none. */
export function strangerWords({ real, practice }: RadarSummary): string | null {
  const parts = [
    ...(real.strangers.count === 0
      ? []
      : [`${formatCount(real.strangers.count, 'thing')}, ${sumWords(real.strangers)}`]),
    ...(practice.strangers.count === 0
      ? []
      : [
          `${formatCount(practice.strangers.count, 'thing')}, ${sumWords(practice.strangers)}, simulated`,
        ]),
  ]
  if (parts.length === 0) return null
  return `Not this Sublet’s, but billed on your accounts: ${parts.join('; ')}.`
}

/** All that goes on costing money besides what is in use, and when that was read; for who leaves. */
export function leftWords(summary: RadarSummary, now: number): readonly string[] {
  const said = [unusedWords(summary), strangerWords(summary)].filter((words) => words !== null)
  const problems = summary.problems.map((problem) => `Could not be asked: ${problem}`)
  if (said.length + problems.length === 0) return []
  const age = summary.checkedAt === null ? [] : [`Read ${formatAge(summary.checkedAt, now)}.`]
  return [...said, ...problems, ...age]
}
