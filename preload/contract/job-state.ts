import { z } from 'zod'

/** Every state of a job, in the order of its life; `interrupted` may come between. */
export const jobStates = [
  'queued',
  'choosing',
  'launching',
  'booting',
  'connecting',
  'staging',
  'running',
  'collecting',
  'releasing',
  'done',
  'failed',
  'cancelled',
  'interrupted',
] as const
export const jobStateSchema = z.enum(jobStates)
export type JobState = z.infer<typeof jobStateSchema>

/** States that a job never leaves. `interrupted` is left for `choosing`. */
export function isEnded(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

/** A job's name in the journal, the commands and the addresses of pages. */
export const jobIdSchema = z.string().regex(/^job-[0-9a-hjkmnp-tv-z]{26}$/)
export type JobId = z.infer<typeof jobIdSchema>
