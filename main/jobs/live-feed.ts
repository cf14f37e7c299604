import type { MirrorStatus } from '../../preload/contract/collection.ts'
import type { Progress } from '../../preload/contract/job.ts'
import type { MetricsSample } from '../../preload/contract/metrics-sample.ts'

export interface StepProgress {
  readonly fraction: number
  readonly sentence: string
}

type SamplesListener = (jobId: string, samples: readonly MetricsSample[]) => void

/** What a job's results weigh on its machine, as far as copies of them have told. */
export interface ResultsWeight {
  readonly attemptId: string
  /** All of them at the last look, home or not. */
  readonly totalBytes: number
  /** Of these, what is not home; goes down while it comes. */
  readonly missingBytes: number
  /** Home already, by the copy under way; its traffic is journaled when that ends. */
  readonly uncountedBytes: number
  /** Seen after the job's end: nothing is added any more. */
  readonly isLast: boolean
}

/** What changes too often for the journal: progress of steps, growth of logs and metrics. */
export class LiveFeed {
  readonly #progress = new Map<string, StepProgress>()
  readonly #mirrors = new Map<string, MirrorStatus>()
  readonly #weights = new Map<string, ResultsWeight>()
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

  /** What the results of a job weigh now. Not told to listeners: what they see goes by it later. */
  weighed(jobId: string, weight: ResultsWeight): void {
    this.#weights.set(jobId, weight)
  }

  /** Null before the first look, and for the results of another attempt. */
  weightOf(jobId: string, attemptId: string): ResultsWeight | null {
    const weight = this.#weights.get(jobId)
    return weight?.attemptId === attemptId ? weight : null
  }

  /** The job has ended: nothing of it changes any more. */
  forget(jobId: string): void {
    this.#progress.delete(jobId)
    this.#mirrors.delete(jobId)
    this.#weights.delete(jobId)
    this.touch(jobId)
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
