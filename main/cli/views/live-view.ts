import type { JobSummary } from '../../../preload/contract/job.ts'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { formatMicros, formatTime } from '../../domain/format.ts'
import { inert, inertLine } from '../format/inert.ts'
import type { Style } from '../format/style.ts'
import { cutTo } from '../format/width.ts'
import type { Io } from '../io.ts'
import { metricsWords } from '../words/metrics-words.ts'
import type { JobView } from './job-view.ts'
import { LogLines, lastRewrite } from './log-lines.ts'

const redrawEveryMs = 100
const barCells = 20

/** A few lines at the bottom of a terminal that are redrawn while the log scrolls above them. */
export class LiveView implements JobView {
  readonly #io: Io
  readonly #style: Style
  readonly #lines = new LogLines()
  #job: JobSummary | null = null
  #sample: MetricsSample | null = null
  #drawn = 0
  #timer: NodeJS.Timeout | null = null
  #paused = false
  #held: string[] = []

  constructor(io: Io, style: Style) {
    this.#io = io
    this.#style = style
  }

  log(_offset: number, bytes: Uint8Array): void {
    const text = this.#lines
      .push(bytes)
      .map((line) => `${inert(lastRewrite(line.toString('utf8')), this.#io.colour)}\n`)
      .join('')
    if (text === '') this.#soon()
    else this.#above(text)
  }

  summary(job: JobSummary): void {
    this.#job = job
    this.#soon()
  }

  metrics(sample: MetricsSample): void {
    this.#sample = sample
    this.#soon()
  }

  say(sentence: string): void {
    this.#above(`${sentence}\n`)
  }

  pause(): void {
    this.#clear()
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    const held = this.#held.join('')
    this.#held = []
    this.#above(held)
  }

  end(): void {
    this.#paused = false
    this.#job = null
    const rest = this.#lines.take()
    const text =
      rest.length === 0 ? '' : `${inert(lastRewrite(rest.toString('utf8')), this.#io.colour)}\n`
    this.#above(this.#held.join('') + text)
    this.#held = []
    this.#clear()
  }

  #above(text: string): void {
    if (this.#paused) {
      this.#held.push(text)
      return
    }
    this.#clear()
    if (text !== '') this.#io.out(text)
    this.#draw()
  }

  #soon(): void {
    if (this.#timer !== null || this.#paused) return
    this.#timer = setTimeout(() => this.#above(''), redrawEveryMs)
    this.#timer.unref()
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#drawn === 0) return
    this.#io.out(`\r${this.#drawn > 1 ? `\u001b[${this.#drawn - 1}A` : ''}\u001b[J`)
    this.#drawn = 0
  }

  #draw(): void {
    if (this.#job === null) return
    // The last column stays free: some terminals wrap as soon as it is written.
    const width = Math.max(10, this.#io.columns() - 1)
    const lines = [...this.#pendingLine(), ...this.#statusLines(this.#job)]
    this.#io.out(lines.map((line) => cutTo(line, width)).join('\n'))
    this.#drawn = lines.length
  }

  /** A line that the job has not finished yet, such as its own progress bar. */
  #pendingLine(): readonly string[] {
    const pending = this.#lines.pending
    if (pending.length === 0) return []
    return [inertLine(lastRewrite(pending.toString('utf8')))]
  }

  #statusLines(job: JobSummary): readonly string[] {
    const { fraction, sentence } = job.progress
    const full = Math.round(fraction * barCells)
    const bar = `${'█'.repeat(full)}${'░'.repeat(barCells - full)}`
    const percent = `${String(Math.round(fraction * 100)).padStart(3)} %`
    const figures = this.#sample === null ? '' : metricsWords(this.#sample)
    const cost = `${formatMicros(job.costMicros)} so far${job.offer?.simulated === true ? ' (simulated)' : ''}`
    const end = job.endBy === null ? '' : `ends ${formatTime(job.endBy, { near: this.#io.now() })}`
    const facts = [figures, cost, end].filter((part) => part !== '').join(' · ')
    return [`${bar} ${percent}  ${inertLine(sentence)}`, this.#style.dim(facts)]
  }
}
