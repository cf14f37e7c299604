import { EventEmitter, on, once } from 'node:events'
import type { JobDetail, JobSummary } from '../../preload/contract/job.ts'
import type { MetricsSample } from '../../preload/contract/metrics-sample.ts'
import * as facts from './fake-facts.ts'

/** A job whose states, log and figures the test drives. */
export class FakeJob {
  summary: JobSummary = facts.queuedJob
  #log = Buffer.alloc(0)
  readonly #changes = new EventEmitter()

  get logBytes(): number {
    return this.#log.length
  }

  /** How many streams are being read: connections that a test may cut. */
  get readers(): number {
    return this.#changes.listenerCount('summary')
  }

  set(change: Partial<JobSummary>): void {
    this.summary = { ...this.summary, ...change }
    this.#changes.emit('summary', this.summary)
    this.#changes.emit('log')
  }

  /** Ends it, settled and with the machine gone, unless told otherwise. */
  end(change: Partial<JobSummary>): void {
    this.set({
      endedAt: facts.now + 60_000,
      settled: true,
      progress: { fraction: 1, sentence: 'The machine is gone.' },
      costMicros: facts.micros(42_700),
      ...change,
    })
  }

  append(text: string | Uint8Array): void {
    this.#log = Buffer.concat([this.#log, Buffer.from(text as Uint8Array)])
    this.#changes.emit('log')
  }

  measure(sample: MetricsSample): void {
    this.#changes.emit('metrics', [sample])
  }

  detail(): JobDetail {
    const { settled } = this.summary
    return { ...facts.detail, summary: this.summary, receipts: settled ? [facts.receipt] : [] }
  }

  async *summaries(signal: AbortSignal): AsyncGenerator<JobSummary> {
    for await (const [summary] of on(this.#changes, 'summary', { signal })) {
      yield summary as JobSummary
    }
  }

  async *metrics(signal: AbortSignal): AsyncGenerator<MetricsSample[]> {
    for await (const [samples] of on(this.#changes, 'metrics', { signal })) {
      yield samples as MetricsSample[]
    }
  }

  async *logFrom(
    offset: number,
    follow: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<{ offset: number; bytes: string }> {
    let next = offset
    for (;;) {
      if (next < this.#log.length) {
        const bytes = this.#log.subarray(next, next + 1_000)
        yield { offset: next, bytes: bytes.toString('base64') }
        next += bytes.length
      } else if (!follow || this.summary.endedAt !== null) return
      else await once(this.#changes, 'log', { signal })
    }
  }
}
