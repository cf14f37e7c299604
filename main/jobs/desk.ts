import type { Ceiling } from '../../preload/contract/ceiling.ts'
import type { JobId } from '../../preload/contract/job-state.ts'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import { SubletError, toWireError } from '../domain/errors.ts'
import { outputConflict } from '../domain/job/output-conflict.ts'
import { Backoff } from './backoff.ts'
import { lastAttempt, type JobRecord } from '../domain/job/record.ts'
import { newJobId } from './new-ids.ts'
import { holderOf } from './rental-holder.ts'
import { Runner, type StepTable } from './runner.ts'
import type { JobDeps } from './steps/context.ts'

export interface Submission {
  readonly spec: JobSpec
  readonly ceiling: Ceiling
  readonly acceptsNoLease: boolean
  /** Runs what was frozen for this job, instead of what lies on the disk now. */
  readonly inputsOf?: JobId
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
    for (const job of this.#deps.journal.openJobs()) {
      // A client may have been quicker: two runners would do everything twice.
      if (!this.#running.has(job.id)) this.#run(job.id, null)
    }
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
    const { environment, ...submitted } = submission
    const { spec } = submitted
    const conflict = outputConflict(spec.outputDir, journal.openJobs())
    if (conflict !== null) throw conflict
    journal.append({ job: jobId, event: { kind: 'submitted', ...submitted } })
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
    if (job.endedAt !== null) return
    this.#endWarmTime(job)
    if (job.stop !== null && (job.stop.discard || !discard)) return
    this.#deps.journal.append({
      job: jobId,
      event: { kind: 'stop-requested', reason: 'user', discard },
    })
  }

  /** A job that has already kept its machine warm, while its after steps run, lets go of it. */
  #endWarmTime(job: JobRecord): void {
    const attempt = lastAttempt(job)
    if (attempt === null || attempt.keptWarmUntil === null) return
    // Another job may have taken it since.
    if (holderOf(this.#deps.journal, attempt.rentalId) !== null) return
    if (this.#deps.journal.rental(attempt.rentalId).phase !== 'up') return
    this.#deps.journal.append({
      rental: attempt.rentalId,
      event: { kind: 'release-intended', because: 'You stopped its job.' },
    })
  }

  #run(jobId: string, environment: Readonly<Record<string, string>> | null): void {
    const running = this.#untilEnded(jobId, environment)
      .catch(() => undefined) // Only the shutdown ends it before the job.
      .finally(() => this.#running.delete(jobId))
    this.#running.set(jobId, running)
  }

  /** A runner that breaks off (a full disk, a defect) leaves a machine behind, so another one follows. */
  async #untilEnded(
    jobId: string,
    environment: Readonly<Record<string, string>> | null,
  ): Promise<void> {
    const { signal } = this.#shutdown
    const backoff = new Backoff(this.#deps.clock, { firstMs: 1_000, maxMs: 60_000 })
    for (;;) {
      try {
        await new Runner(this.#deps, this.#steps, jobId, environment).run(signal)
        return
      } catch (thrown) {
        signal.throwIfAborted()
        this.#deps.log.error({ error: toWireError(thrown) }, `The runner of ${jobId} broke off`)
      }
      await backoff.wait(signal)
    }
  }
}
