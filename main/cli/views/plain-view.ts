import { type JobSummary } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { type MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { inert, inertLine } from '../format/inert.ts'
import type { Io } from '../io.ts'
import { metricsWords } from '../words/metrics-words.ts'
import type { JobView } from './job-view.ts'
import { LogLines } from './log-lines.ts'

const sameStateEveryMs = 10_000
const metricsEveryMs = 30_000

/** Plain lines: a new state at once, progress within a state and live figures now and then. */
export class PlainView implements JobView {
  readonly #io: Io
  readonly #lines = new LogLines()
  #state = ''
  #sentence = ''
  #saidAt = -Infinity
  #metricsAt = -Infinity

  constructor(io: Io) {
    this.#io = io
  }

  log(_offset: number, bytes: Uint8Array): void {
    for (const line of this.#lines.push(bytes)) this.#write(line)
  }

  summary(job: JobSummary): void {
    const { sentence, fraction } = job.progress
    // A last line without newline comes before Sublet's own words about the end.
    if (isEnded(job.state)) this.end()
    const now = this.#io.now()
    const due = job.state !== this.#state || now - this.#saidAt >= sameStateEveryMs
    if (!due || sentence === this.#sentence) {
      this.#state = job.state
      return
    }
    this.#state = job.state
    this.#sentence = sentence
    this.#saidAt = now
    this.say(`[${String(Math.round(fraction * 100)).padStart(3)} %] ${inertLine(sentence)}`)
  }

  metrics(sample: MetricsSample): void {
    const words = metricsWords(sample)
    if (words === '' || this.#io.now() - this.#metricsAt < metricsEveryMs) return
    this.#metricsAt = this.#io.now()
    this.say(words)
  }

  say(sentence: string): void {
    this.#io.out(`${sentence}\n`)
  }

  pause(): void {
    // Nothing is redrawn here.
  }

  resume(): void {
    // Nothing was hidden.
  }

  end(): void {
    const rest = this.#lines.take()
    if (rest.length > 0) this.#write(Buffer.concat([rest, Buffer.from('\n')]))
  }

  #write(line: Buffer): void {
    // A dumb terminal is one all the same; a file or a pipe gets the job's bytes as they are.
    this.#io.out(this.#io.stdoutIsTty ? inert(line.toString('utf8'), this.#io.colour) : line)
  }
}
