import type { JobSummary } from '../../preload/contract/job.ts'
import type { JobId } from '../../preload/contract/job-state.ts'
import { SubletError } from '../domain/errors.ts'
import { didYouMean } from '../domain/nearest.ts'
import type { Api } from './api.ts'

/** Finds the job that JOB means: an id, a unique beginning of one, or a name (the latest of it). */
export async function resolveJob(api: Api, word: string): Promise<JobSummary> {
  return chooseJob(await api.jobs.list({}), word)
}

/** The id of the job that JOB means. */
export async function resolveJobId(api: Api, word: string): Promise<JobId> {
  return (await resolveJob(api, word)).id
}

/** The same over a list; fails with `not-found`, or with `invalid` when several could be meant. */
export function chooseJob(jobs: readonly JobSummary[], word: string): JobSummary {
  const exact = jobs.find((job) => job.id === word)
  if (exact) return exact
  const named = jobs.filter((job) => job.name === word)
  const latest = named.toSorted((a, b) => b.createdAt - a.createdAt)[0]
  if (latest) return latest
  const folded = word.toLowerCase()
  const begun =
    folded === ''
      ? []
      : jobs.filter((job) => job.id.startsWith(folded) || job.id.startsWith(`job-${folded}`))
  if (begun.length === 1 && begun[0]) return begun[0]
  if (begun.length > 1) {
    throw new SubletError(
      'invalid',
      `"${word}" begins the ids of ${begun.length} jobs: give more of it, or the whole id.`,
    )
  }
  const hint = didYouMean(
    word,
    jobs.map((job) => job.name),
  )
  throw new SubletError(
    'not-found',
    `There is no job "${word}"${hint === '' ? ': "sublet jobs" lists them.' : hint}`,
  )
}
