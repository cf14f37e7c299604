import type { JobSummary } from '../../../preload/contract/job.ts'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'

/** How a followed job is shown: redrawn on a terminal, as plain lines, or as JSON events. */
export interface JobView {
  /** Pieces of the log, in order, exact. */
  log(offset: number, bytes: Uint8Array): void
  summary(job: JobSummary): void
  metrics(sample: MetricsSample): void
  /** A sentence of Sublet's own between the log lines. */
  say(sentence: string): void
  /** Clears what is redrawn, for a question; `resume` shows it again. */
  pause(): void
  resume(): void
  /** Shows what is still held back and leaves the terminal clean. */
  end(): void
}
