import type { Ceiling, JobId } from '../../preload/contract/job.ts'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import { SubletError, toWireError } from '../domain/errors.ts'
import { outputConflict } from '../domain/job/output-conflict.ts'
import { newJobId } from './new-ids.ts'
import { Runner, type StepTable } from './runner.ts'
import type { JobDeps } from './steps/context.ts'

export interface Submission {
  readonly spec: JobSpec
  readonly ceiling: Ceiling
  readonly acceptsNoLease: boolean
  readonly environment: Readonly<Record<string, string>>
}

/** Where jobs are handed in and stopped; runs one runner for each that has not ended. */
export class JobDesk {
  readonly #deps: JobDeps
  readonly #steps: StepTable
  readonly #running = new Map<string, Promise<void>>()
  readonly #shutdown = new AbortController()

  constructor(deps: JobDeps, steps: StepTable) {
    this.#deps = deps
    this.#steps = steps
  }

  /** Takes up every job of the journal that has not ended. */
  start(): void {
    for (const job of this.#deps.journal.openJobs()) this.#run(job.id, {})
  }

  /** Lets go of all runners; the jobs go on with the next engine. */
  async stop(): Promise<void> {
    this.#shutdown.abort()
    await Promise.allSettled(this.#running.values())
  }

  /**
   * Journals the job and resolves once its inputs are frozen, so that the user may go on editing.
   * Fails with `conflict` when another job's results come home to the same folder, and with what
   * made freezing impossible; the job has then ended.
   */
  async submit(submission: Submission, signal: AbortSignal): Promise<JobId> {
    const { journal, wake } = this.#deps
    const jobId = newJobId()
    const { spec, ceiling, acceptsNoLease, environment } = submission
    const conflict = outputConflict(spec.outputDir, journal.openJobs())
    if (conflict !== null) throw conflict
    journal.append({ job: jobId, event: { kind: 'submitted', spec, ceiling, acceptsNoLease } })
    this.#run(jobId, environment)
    for (;;) {
      const job = journal.job(jobId)
      if (job.frozen !== null) return jobId
      if (job.error !== null) {
        throw new SubletError(job.error.code, job.error.message, { details: { jobId } })
      }
      if (job.endedAt !== null) throw new SubletError('cancelled', `${jobId} was stopped.`)
      await wake.wait(jobId, null, signal)
    }
  }

  /** Journals the wish; the runner obeys. Repeating it is harmless; an ended job stays as it is. */
  requestStop(jobId: string, discard: boolean): void {
    const job = this.#deps.journal.job(jobId)
    // What is giving its machine back already has nothing left to stop.
    if (job.endedAt !== null || job.state === 'releasing') return
    if (job.stop !== null && (job.stop.discard || !discard)) return
    this.#deps.journal.append({
      job: jobId,
      event: { kind: 'stop-requested', reason: 'user', discard },
    })
  }

  #run(jobId: string, environment: Readonly<Record<string, string>>): void {
    const signal = this.#shutdown.signal
    const runner = new Runner(this.#deps, this.#steps, jobId, environment)
    const running = runner
      .run(signal)
      .catch((error: unknown) => {
        if (signal.aborted) return
        this.#deps.log.error({ error: toWireError(error) }, `The runner of ${jobId} broke off`)
      })
      .finally(() => this.#running.delete(jobId))
    this.#running.set(jobId, running)
  }
}
