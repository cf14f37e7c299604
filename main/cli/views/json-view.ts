import { StringDecoder } from 'node:string_decoder'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import type { Io } from '../io.ts'
import type { JobView } from './job-view.ts'

/** One JSON event a line: `state`, `log` (text, with its byte offset), `metrics`, `note`. */
export class JsonView implements JobView {
  readonly #io: Io
  readonly #decoder = new StringDecoder('utf8')
  #last = ''

  constructor(io: Io) {
    this.#io = io
  }

  log(offset: number, bytes: Uint8Array): void {
    const text = this.#decoder.write(Buffer.from(bytes))
    if (text !== '') this.#write({ type: 'log', offset, text })
  }

  summary(job: JobSummary): void {
    const { id, state, progress, costMicros, endBy, rentalId } = job
    const event = { type: 'state', job: id, state, ...progress, costMicros, endBy, rentalId }
    const text = JSON.stringify(event)
    if (text === this.#last) return
    this.#last = text
    this.#io.out(`${text}\n`)
  }

  metrics(sample: MetricsSample): void {
    this.#write({ type: 'metrics', ...sample })
  }

  say(sentence: string): void {
    this.#write({ type: 'note', sentence })
  }

  pause(): void {
    // Nothing is redrawn here.
  }

  resume(): void {
    // Nothing was hidden.
  }

  end(): void {
    const rest = this.#decoder.end()
    if (rest !== '') this.#write({ type: 'log', offset: null, text: rest })
  }

  #write(event: unknown): void {
    this.#io.out(`${JSON.stringify(event)}\n`)
  }
}
