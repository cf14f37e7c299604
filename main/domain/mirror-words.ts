import type { MirrorStatus } from '../../preload/contract/collection.ts'
import { formatAge, formatBytes, formatCount, formatDuration } from './format.ts'

/** `Last copy home 20 s ago, 1.2 GB; next in 10 s.` `homeBytes` is what is home in all. */
export function mirrorWords(status: MirrorStatus, homeBytes: number, now: number): string {
  const { state, because, lastAt, nextAt, leftOutFiles } = status
  if (state === 'off') return `No copies home while the job runs. ${because ?? ''}`.trim()
  const left =
    leftOutFiles === 0
      ? ''
      : ` ${formatCount(leftOutFiles, 'file')} left for the end by the limits.`
  if (lastAt === null) {
    return state === 'copying'
      ? 'The first copy home is under way.'
      : `First copy home ${inWords(nextAt, now)}.`
  }
  const last = `Last copy home ${formatAge(lastAt, now)}, ${formatBytes(homeBytes)}`
  const next = state === 'copying' ? 'the next is under way' : `next ${inWords(nextAt, now)}`
  return `${last}; ${next}.${left}`
}

function inWords(at: number | null, now: number): string {
  const waitMs = at === null ? 0 : at - now
  return waitMs < 1_000 ? 'now' : `in ${formatDuration(Math.floor(waitMs / 1_000) * 1_000)}`
}
