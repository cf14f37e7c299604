import type { MirrorStatus } from '../../preload/contract/collection.ts'
import type { MetricsSample, Progress } from '../../preload/contract/job.ts'

export interface StepProgress {
  readonly fraction: number
  readonly sentence: string
}

type SamplesListener = (jobId: string, samples: readonly MetricsSample[]) => void

/** What changes too often for the journal: progress of steps, growth of logs and metrics. */
export class LiveFeed {
  readonly #progress = new Map<string, StepProgress>()
  readonly #mirrors = new Map<string, MirrorStatus>()
  readonly #listeners = new Set<(jobId: string) => void>()
  readonly #measuring = new Set<SamplesListener>()

  /** Records how far a job's step is and tells who listens. */
  progress(jobId: string, progress: Progress): void {
    this.#progress.set(jobId, progress)
    this.touch(jobId)
  }

  /** Forgets the step's progress, because another step begins. */
  clear(jobId: string): void {
    this.#progress.delete(jobId)
    this.touch(jobId)
  }

  /** Tells listeners that something of the job has grown or changed. */
  touch(jobId: string): void {
    for (const listener of this.#listeners) listener(jobId)
  }

  /** New samples of a running job have been stored. */
  measured(jobId: string, samples: readonly MetricsSample[]): void {
    for (const listener of this.#measuring) listener(jobId, samples)
    this.touch(jobId)
  }

  /** Listens for samples as long as the engine lives. */
  onSamples(listener: SamplesListener): void {
    this.#measuring.add(listener)
  }

  /** How copies of a running job's results stand; null once it does not run any more. */
  mirror(jobId: string, status: MirrorStatus | null): void {
    if (status === null) this.#mirrors.delete(jobId)
    else this.#mirrors.set(jobId, status)
    this.touch(jobId)
  }

  mirrorOf(jobId: string): MirrorStatus | null {
    return this.#mirrors.get(jobId) ?? null
  }

  of(jobId: string): StepProgress | null {
    return this.#progress.get(jobId) ?? null
  }

  /** Answers the function that ends it. */
  onChange(listener: (jobId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }
}
