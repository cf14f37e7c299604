import { type Progress } from '../../../preload/contract/job.ts'
import { jobStates, type JobState } from '../../../preload/contract/job-state.ts'

/** Share of the whole bar that each state takes; they add up to 1. */
const weights: Readonly<Record<JobState, number>> = {
  queued: 0.03,
  choosing: 0.02,
  launching: 0.03,
  booting: 0.1,
  connecting: 0.03,
  staging: 0.14,
  running: 0.5,
  collecting: 0.1,
  releasing: 0.05,
  done: 0,
  failed: 0,
  cancelled: 0,
  interrupted: 0,
}

/** The states that take a share, in the contract's order, which is that of a plan. */
const order = jobStates.filter((state) => weights[state] > 0)

/** One bar for the whole job: the weights of what is behind it, and its share of the step under way. */
export function jobProgress(
  state: JobState,
  step: Progress | null,
  fallbackSentence: string,
): Progress {
  const sentence = step?.sentence ?? fallbackSentence
  if (state === 'done' || state === 'failed' || state === 'cancelled')
    return { fraction: 1, sentence }
  if (state === 'interrupted') return { fraction: 0.03, sentence }
  const behind = order.slice(0, order.indexOf(state)).reduce((sum, one) => sum + weights[one], 0)
  const share = Math.min(1, Math.max(0, step?.fraction ?? 0))
  return { fraction: Math.min(1, behind + weights[state] * share), sentence }
}
