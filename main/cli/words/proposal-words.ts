import type { Ceiling } from '../../../preload/contract/ceiling.ts'
import type { Estimate } from '../../../preload/contract/estimate.ts'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import type { StopVerdict } from '../../../preload/contract/rental.ts'
import { collectionSentence } from '../../domain/collection.ts'
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatMicros,
  formatMicrosPerHour,
  formatTime,
} from '../../domain/format.ts'
import { inertLine } from '../format/inert.ts'
import type { Style } from '../format/style.ts'
import { gpuWords, offerWords } from './offer-words.ts'

const mostExcludedShown = 8

/** Everything that is said before the question whether to rent. */
export function proposalLines(proposal: Proposal, now: number, style: Style): readonly string[] {
  const [best] = proposal.offers
  const others = proposal.offers.length - 1
  return [
    style.bold(inertLine(proposal.spec.name)),
    ...proposal.understood.map((sentence) => `  ${inertLine(sentence)}`),
    ...(proposal.uploadBytes > 0 ? [`  Uploads ${formatBytes(proposal.uploadBytes)}.`] : []),
    ...proposal.warnings.map((warning) => style.warn(`  Note: ${inertLine(warning)}`)),
    ...excludedLines(proposal),
    ...(proposal.warm === null
      ? []
      : [`  Goes to a machine that is still warm (${gpuWords(proposal.warm.gpu)}).`]),
    ...(best === undefined
      ? []
      : [
          `  Best offer: ${offerWords(best)}, priced ${formatAge(best.fetchedAt, now)}${others > 0 ? `; ${formatCount(others, 'more fits', 'more fit')}` : ''}.`,
        ]),
    `  ${estimateSentence(proposal.estimate)}`,
    `  ${collectionSentence(proposal.collection)}`,
    // With something missing it is among the notes.
    ...(proposal.budgetLimit === null || proposal.budgetLimit.missingMicros > 0
      ? []
      : [`  ${inertLine(proposal.budgetLimit.sentence)}`]),
    style.bold(ceilingSentence(proposal.ceiling, proposal.verdict, now)),
  ]
}

/** `Finishing costs about $0.12 ($0.10 to $0.18), estimated for 12 min.` */
function estimateSentence(estimate: Estimate): string {
  const { lowMicros, expectedMicros, highMicros } = estimate
  const range =
    lowMicros === highMicros ? '' : ` (${formatMicros(lowMicros)} to ${formatMicros(highMicros)})`
  return `Finishing costs about ${formatMicros(expectedMicros)}${range}, estimated for ${formatDuration(estimate.expectedDurationMs)}.`
}

/** What the user says yes to: the price, the sum, the end, and whether it ends by itself. */
export function ceilingSentence(ceiling: Ceiling, verdict: StopVerdict, now: number): string {
  return `At most ${formatMicrosPerHour(ceiling.microsPerHour)}, at most ${formatMicros(ceiling.micros)}, ends ${formatTime(ceiling.endBy, { near: now })}; ${verdictWords(verdict, now)}.`
}

/** `stops by itself if this computer dies: yes, at 18:05 UTC`, or `NO, because …`. */
export function verdictWords(verdict: StopVerdict, now: number): string {
  const question = 'stops by itself if this computer dies'
  if (verdict.stopsByItself) {
    return `${question}: yes${verdict.endsAt === null ? '' : `, at ${formatTime(verdict.endsAt, { near: now })}`}`
  }
  const reasons = verdict.levels
    .filter((level) => level.level !== 'client' && !level.holds)
    .map((level) => inertLine(level.because).replace(/\.$/, ''))
  return `${question}: NO${reasons.length === 0 ? '' : `, because ${reasons.join('; ')}`}`
}

function excludedLines(proposal: Proposal): readonly string[] {
  const { excluded } = proposal
  if (excluded.length === 0) return []
  const bytes = excluded.reduce((sum, item) => sum + item.bytes, 0)
  const rest = excluded.length - mostExcludedShown
  return [
    `  Stays here by ignore rules: ${formatBytes(bytes)}.`,
    ...excluded
      .slice(0, mostExcludedShown)
      .map(
        (item) =>
          `    ${inertLine(item.path)} (${formatBytes(item.bytes)}, ${inertLine(item.why)})`,
      ),
    ...(rest > 0 ? [`    and ${formatCount(rest, 'more')}.`.replace('mores', 'more')] : []),
  ]
}
