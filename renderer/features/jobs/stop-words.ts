import type { StopPreview } from '../../../preload/contract/job-actions.ts'
import type { JobState } from '../../../preload/contract/job-state.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMicros,
} from '../../../main/domain/format.ts'

/** What collecting and stopping does and takes, as far as it is known. */
export function collectWords(state: JobState, preview: StopPreview | null): string {
  if (!hasResults(state)) return withdrawWords(preview)
  const grace =
    preview !== null && preview.graceMs > 0
      ? ` The job first gets up to ${formatDuration(preview.graceMs)} to end by itself.`
      : ''
  return `${capitalised(whatCollects(preview))}, then the machine goes back${takes(preview?.collectMs, preview?.collectMicros)}.${grace}`
}

/** What discarding loses and takes. */
export function discardWords(preview: StopPreview | null): string {
  const lost =
    preview?.bytes == null
      ? 'What is not home yet is lost'
      : preview.bytes === 0
        ? 'Nothing seems to be lost: what was written is home'
        : `${formatBytes(preview.bytes)} in ${formatCount(preview.files ?? 0, 'file')} would be lost`
  return `${lost}; the machine goes back at once${takes(preview?.discardMs, preview?.discardMicros)}.`
}

/** The line that stands from the click until the job has ended. */
export function orderWords(
  state: JobState,
  order: { readonly discard: boolean; readonly preview: StopPreview | null },
): string {
  if (state === 'releasing') return 'Giving the machine back; done when its receipt is in.'
  if (order.discard) return 'Dropping the results and giving the machine back.'
  if (!hasResults(state)) return 'Stopping; the machine goes back where there is one.'
  const { preview } = order
  return `Stopping: ${whatCollects(preview)}, then the machine goes back${takes(preview?.collectMs, preview?.collectMicros)}.`
}

/** Whether the job may have written something. */
export function hasResults(state: JobState): boolean {
  return state === 'running' || state === 'collecting'
}

function whatCollects(preview: StopPreview | null): string {
  if (preview?.bytes == null) return 'collecting the results'
  if (preview.bytes === 0) return 'checking that all results are home'
  return `collecting ${formatBytes(preview.bytes)} in ${formatCount(preview.files ?? 0, 'file')}`
}

function withdrawWords(preview: StopPreview | null): string {
  return `The job has not started, so there is nothing to collect${takes(preview?.discardMs, preview?.discardMicros)}. A machine that is rented goes back.`
}

function takes(ms: number | undefined, micros: number | undefined): string {
  if (ms === undefined || micros === undefined) return ''
  const cost = micros === 0 ? 'nothing more to pay' : `at most ${formatMicros(micros)}`
  return `; about ${formatDuration(ms)}, ${cost}`
}

function capitalised(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
