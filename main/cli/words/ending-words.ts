import { type JobDetail, type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import type { Receipt } from '../../../preload/contract/rental.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMicros,
  formatTime,
} from '../../domain/format.ts'
import { microsForMs } from '../../domain/money.ts'
import { inertLine } from '../format/inert.ts'
import type { Style } from '../format/style.ts'

/** What is said when a job has ended: how, where the results are, that it is gone, what it cost. */
export function endingLines(
  detail: JobDetail,
  providerName: (id: string) => string,
  now: number,
  style: Style,
): readonly string[] {
  return [
    ...headline(detail.summary, style),
    ...outputLines(detail),
    ...detail.warnings.map((warning) => style.warn(`Note: ${inertLine(warning)}`)),
    ...detail.receipts.map((receipt) => receiptSentence(receipt, providerName, now)),
    ...unsettledLines(detail, now),
    billSentence(detail),
    ...overheadLines(detail),
  ]
}

/** `Gone: confirmed by Sandbox at 18:02:11 UTC, billed 3 min 12 s, $0.0427.` */
function receiptSentence(
  receipt: Receipt,
  providerName: (id: string) => string,
  now: number,
): string {
  const at = formatTime(receipt.confirmedAt, { near: now, seconds: true })
  const billed =
    receipt.billedFrom === null || receipt.billedTo === null
      ? ''
      : `, billed ${formatDuration(receipt.billedTo - receipt.billedFrom)}`
  const amount = receipt.billedMicros === null ? '' : `, ${formatMicros(receipt.billedMicros)}`
  const machine = receipt.instanceId === null ? 'never started' : inertLine(receipt.instanceId)
  return `Gone: confirmed by ${inertLine(providerName(receipt.providerId))} at ${at} (${machine}${billed}${amount}).`
}

/** The bill beside the estimate. */
function billSentence(detail: JobDetail): string {
  const { summary, estimate } = detail
  const simulated = summary.offer?.simulated === true ? ' (simulated)' : ''
  const expected =
    estimate === null
      ? ''
      : `; estimated ${formatMicros(estimate.expectedMicros)}${estimate.lowMicros === estimate.highMicros ? '' : ` (${formatMicros(estimate.lowMicros)} to ${formatMicros(estimate.highMicros)})`}`
  return `Cost ${formatMicros(summary.costMicros)}${simulated}${summary.settled ? '' : ' so far'}${expected}.`
}

function headline(job: JobSummary, style: Style): readonly string[] {
  const name = inertLine(job.name)
  const took =
    job.startedAt === null || job.endedAt === null
      ? ''
      : ` after ${formatDuration(job.endedAt - job.startedAt)}`
  const why = job.error === null ? '' : `: ${inertLine(job.error.message)}`
  if (job.state === 'done')
    return [style.good(`Done: ${name}${took}, exit code ${job.exitCode ?? 0}.`)]
  if (job.state === 'cancelled') return [style.warn(ended(`Stopped: ${name}${took}${why}`))]
  const code =
    job.exitCode === null || why.includes(`${job.exitCode}`) ? '' : `, exit code ${job.exitCode}`
  return [style.bad(ended(`Failed: ${name}${took}${code}${why}`))]
}

function outputLines(detail: JobDetail): readonly string[] {
  const { outputs, summary } = detail
  if (outputs === null) return []
  const checked = outputs.verified ? ', every one verified' : ', NOT verified'
  const what = `${formatCount(outputs.files, 'file')}, ${formatBytes(outputs.bytes)}`
  return [
    outputs.files === 0
      ? 'Results: none.'
      : `Results: ${inertLine(summary.outputDir)} (${what}${checked}).`,
    ...outputs.warnings
      .filter((warning) => !detail.warnings.includes(warning))
      .map((warning) => `Note: ${inertLine(warning)}`),
  ]
}

function unsettledLines({ summary, verdict, spec }: JobDetail, now: number): readonly string[] {
  if (summary.settled || summary.rentalId === null || !isEnded(summary.state)) return []
  const endsAt = summary.endBy ?? verdict?.endsAt ?? null
  const until = endsAt === null ? '' : ` until ${formatTime(endsAt, { near: now })} at the latest`
  const price = summary.offer?.microsPerHour ?? null
  const cost =
    endsAt === null || price === null || endsAt <= now
      ? ''
      : ` (at most ${formatMicros(microsForMs(price, endsAt - now))} more)`
  const off = spec.limits.keepWarmChosen ? '' : ', --keep-warm 0 gives it back at once next time'
  return [
    `The machine is still rented${until}${cost}: "sublet instances release ${summary.rentalId}" ends it now, "sublet watch --until-idle" waits for its receipt${off}.`,
  ]
}

function overheadLines(detail: JobDetail): readonly string[] {
  const { reachableToStartedMs, verifiedToReleaseMs, usefulMs, billedMs } = detail.overhead
  const parts = [
    reachableToStartedMs === null
      ? []
      : `${formatDuration(reachableToStartedMs)} from reachable to started`,
    verifiedToReleaseMs === null
      ? []
      : `${formatDuration(verifiedToReleaseMs)} from verified to released`,
    usefulMs === null || billedMs === null || billedMs === 0
      ? []
      : `${share(usefulMs / billedMs)} of the billed time was the job's`,
  ].flat()
  return parts.length === 0 ? [] : [`Overhead: ${parts.join(', ')}.`]
}

function share(part: number): string {
  const percent = Math.round(part * 100)
  return percent === 0 ? 'less than 1 %' : `${Math.min(100, percent)} %`
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
