import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded, type JobState } from '../../../preload/contract/job-state.ts'
import { assertNever } from '../../../main/domain/errors.ts'
import type { Tone } from '../../ui/tag.tsx'

export interface StateTag {
  readonly word: string
  readonly tone: Tone
}

/** The job's state in a word. One that is being stopped says so, whatever it does meanwhile. */
export function stateTag(job: Pick<JobSummary, 'state' | 'stop'>): StateTag {
  if (job.stop !== null && !isEnded(job.state)) return { word: 'stopping', tone: 'burn' }
  return { word: job.state, tone: toneOf(job.state) }
}

function toneOf(state: JobState): Tone {
  switch (state) {
    case 'running':
    case 'done':
      return 'good'
    case 'failed':
      return 'bad'
    case 'interrupted':
      return 'burn'
    case 'queued':
    case 'choosing':
    case 'launching':
    case 'booting':
    case 'connecting':
    case 'staging':
    case 'collecting':
    case 'releasing':
    case 'cancelled':
      return 'plain'
    default:
      return assertNever(state)
  }
}

/** Whether an order to stop would still change something: a first one, or one that drops results. */
export function stoppable(
  job: Pick<JobSummary, 'state' | 'stop' | 'error'>,
): 'stop' | 'discard' | 'no' {
  if (isEnded(job.state) || job.state === 'releasing') return 'no'
  if (job.stop === null) return job.error === null || job.state === 'collecting' ? 'stop' : 'no'
  const collects = job.state === 'running' || job.state === 'collecting'
  return collects && !job.stop.discard ? 'discard' : 'no'
}

/** Whether the engine would take an extension. */
export function extendable(job: Pick<JobSummary, 'state' | 'stop' | 'error'>): boolean {
  return !isEnded(job.state) && job.state !== 'releasing' && job.stop === null && job.error === null
}

/** Whether there is a machine that an editor or a port can be led to. */
export function hasMachine({ state, rentalId }: Pick<JobSummary, 'state' | 'rentalId'>): boolean {
  return rentalId !== null && (state === 'staging' || state === 'running' || state === 'collecting')
}
