import { isEnded } from '../../../preload/contract/job-state.ts'
import type { JobSpec } from '../../../preload/contract/job-spec.ts'
import { SubletError } from '../errors.ts'
import type { JobRecord } from './record.ts'

interface Writer extends Pick<JobRecord, 'id' | 'state'> {
  readonly spec: Pick<JobSpec, 'name' | 'outputDir'>
}

/**
 * Two jobs that write into one folder would take each other's files for the user's. Answers the
 * `conflict` with a job that has not ended and whose output folder is this one, holds it or lies in
 * it; null when there is none. Folders are absolute.
 */
export function outputConflict(outputDir: string, jobs: Iterable<Writer>): SubletError | null {
  for (const { id, state, spec } of jobs) {
    const theirs = spec.outputDir
    if (isEnded(state) || !(holds(theirs, outputDir) || holds(outputDir, theirs))) continue
    return new SubletError(
      'conflict',
      `The results of "${spec.name}" (${id}), which has not ended, come home to ${theirs}: wait for it, or choose another folder with --output.`,
      { details: { jobId: id } },
    )
  }
  return null
}

function holds(folder: string, inner: string): boolean {
  if (inner === folder) return true
  return inner.startsWith(folder) && /^[/\\]/.test(inner.slice(folder.replace(/[/\\]$/, '').length))
}
