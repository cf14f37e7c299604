import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'

/** Why a job has no log lines, in words that say what comes next. */
export function emptyLogWords(job: JobSummary | undefined): string {
  if (job === undefined) return 'Nothing was printed.'
  if (isEnded(job.state)) {
    return job.startedAt === null
      ? 'The job ended before it began to run, so there is no log.'
      : 'The job ended without printing anything.'
  }
  if (job.state === 'running') return 'The job is running and has not printed anything yet.'
  if (job.state === 'collecting' || job.state === 'releasing') return 'The job printed nothing.'
  const { sentence } = job.progress
  return `The log begins when the job does. ${sentence}${sentence.endsWith('.') ? '' : '.'}`
}

/** Why a job has no figures. */
export function emptyChartsWords(job: JobSummary | undefined): string {
  if (job !== undefined && !isEnded(job.state) && job.state !== 'running') {
    return 'The charts begin when the job does.'
  }
  if (job?.state === 'running') return 'The first figures come a second after the start.'
  return 'No figures were measured for this job.'
}
