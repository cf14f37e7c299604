import {
  gpuSeries,
  hostSeries,
  type GpuSeries,
  type HistorySeries,
  type HostSeries,
  type MetricsHistory,
} from '../../../preload/contract/services/metrics.ts'
import type { RecordPiece } from './metrics-columns.ts'
import { gaugesAt, gpuGauges, hostGauges, wide } from './sample-record.ts'

/** Samples further apart are a gap, in which nothing is known. */
export const gapMs = 10_000
const sampleMs = 1_000

const bucketSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400,
]

/** The shortest usual duration that covers a range in at most so many buckets. */
export function bucketFor(rangeMs: number, points: number): number {
  const least = rangeMs / points
  const step = bucketSteps.find((seconds) => seconds * 1_000 >= least)
  return step === undefined ? Math.ceil(least / 86_400_000) * 86_400_000 : step * 1_000
}

const counters = ['received', 'sent', 'read', 'written'] as const

interface Column {
  readonly name: HostSeries | GpuSeries
  readonly gpu: number | null
  readonly mean: (number | null)[]
  readonly min: (number | null)[]
  readonly max: (number | null)[]
}

/**
 * Folds records into buckets of mean, minimum and maximum, one pass in order of time. Counters
 * become rates. A bucket without samples does not appear; a row of nulls marks a gap. Times never
 * go back: a clock that does is followed from the last sample on.
 */
export class Decimator {
  readonly #bucketMs: number
  readonly #gpus: readonly number[]
  readonly #columns: readonly Column[]
  readonly #at: number[] = []
  readonly #sum: Float64Array
  readonly #min: Float64Array
  readonly #max: Float64Array
  readonly #count: Uint32Array
  /** Last seen time and value of each counter. */
  readonly #counterAt = new Float64Array(counters.length).fill(Number.NaN)
  readonly #counterValue = new Float64Array(counters.length)
  #bucket = Number.NaN
  #firstAt = 0
  #lastAt = Number.NaN
  /** What is added to this attempt's times, because its clock is behind what was seen before. */
  #shiftMs = 0

  constructor(bucketMs: number, gpus: readonly number[]) {
    this.#bucketMs = bucketMs
    this.#gpus = gpus
    const column = (name: Column['name'], gpu: number | null): Column => ({
      name,
      gpu,
      mean: [],
      min: [],
      max: [],
    })
    this.#columns = [
      ...hostSeries.map((name) => column(name, null)),
      ...gpus.flatMap((gpu) => gpuSeries.map((name) => column(name, gpu))),
    ]
    const size = this.#columns.length
    this.#sum = new Float64Array(size)
    this.#min = new Float64Array(size)
    this.#max = new Float64Array(size)
    this.#count = new Uint32Array(size)
  }

  /** Takes an attempt's records up to a time; `gpus` are the ones that its records hold. */
  push(piece: RecordPiece, gpus: readonly number[], toAt: number): void {
    const places = gpus.map((gpu) => this.#gpus.indexOf(gpu))
    for (let record = 0; record < piece.count; record += 1) {
      const base = record * piece.strideDoubles
      const shown = piece.doubles[base + wide.at] ?? 0
      if (shown > toAt) return
      const at = this.#forwards(shown)
      this.#moveTo(at)
      this.#takeHost(piece, base, at)
      const floats = base * 2 + gaugesAt + hostGauges.length
      for (let order = 0; order < places.length; order += 1) {
        const place = places[order] ?? -1
        if (place < 0) continue
        const column = hostSeries.length + place * gpuGauges.length
        for (let gauge = 0; gauge < gpuGauges.length; gauge += 1) {
          this.#take(
            column + gauge,
            piece.floats[floats + order * gpuGauges.length + gauge] ?? Number.NaN,
          )
        }
      }
    }
  }

  /** The next records are another attempt's: its machine counts from somewhere else. */
  nextAttempt(): void {
    this.#counterAt.fill(Number.NaN)
    this.#shiftMs = 0
  }

  /** Ends the last bucket and answers the whole. */
  finish(): MetricsHistory {
    this.#flush()
    const series: HistorySeries[] = this.#columns.map((column) => ({ ...column }))
    return { bucketMs: this.#bucketMs, at: this.#at, gpus: [...this.#gpus], series }
  }

  #forwards(shown: number): number {
    const back = this.#lastAt - (shown + this.#shiftMs)
    if (back > 0) this.#shiftMs += back + sampleMs
    return shown + this.#shiftMs
  }

  #moveTo(at: number): void {
    const bucket = Math.floor(at / this.#bucketMs)
    const gap = at - this.#lastAt > gapMs
    if (bucket !== this.#bucket || gap) {
      this.#flush()
      if (gap) this.#row(Math.round((this.#lastAt + at) / 2), () => null)
      this.#bucket = bucket
      this.#firstAt = at
    }
    if (gap) this.#counterAt.fill(Number.NaN)
    this.#lastAt = at
  }

  #takeHost(piece: RecordPiece, base: number, at: number): void {
    const floats = base * 2 + gaugesAt
    for (let gauge = 0; gauge < hostGauges.length; gauge += 1) {
      this.#take(gauge, piece.floats[floats + gauge] ?? Number.NaN)
    }
    for (let order = 0; order < counters.length; order += 1) {
      const value = piece.doubles[base + wide.received + order] ?? Number.NaN
      const before = this.#counterAt[order] ?? Number.NaN
      const elapsedS = (at - before) / 1_000
      // Two samples within one second are one: the clock of the samples knows no less.
      if (elapsedS <= 0 || Number.isNaN(value)) continue
      const grown = value - (this.#counterValue[order] ?? 0)
      if (grown >= 0 && elapsedS > 0) this.#take(hostGauges.length + order, grown / elapsedS)
      this.#counterAt[order] = at
      this.#counterValue[order] = value
    }
  }

  #take(column: number, value: number): void {
    if (Number.isNaN(value)) return
    const count = this.#count[column] ?? 0
    this.#count[column] = count + 1
    this.#sum[column] = (this.#sum[column] ?? 0) + value
    if (count === 0 || value < (this.#min[column] ?? 0)) this.#min[column] = value
    if (count === 0 || value > (this.#max[column] ?? 0)) this.#max[column] = value
  }

  #flush(): void {
    if (Number.isNaN(this.#bucket)) return
    const middle = Math.round((this.#firstAt + this.#lastAt) / 2)
    this.#row(middle, (column) => {
      const count = this.#count[column] ?? 0
      return count === 0
        ? null
        : [(this.#sum[column] ?? 0) / count, this.#min[column] ?? 0, this.#max[column] ?? 0]
    })
    this.#sum.fill(0)
    this.#count.fill(0)
    this.#bucket = Number.NaN
  }

  #row(at: number, valuesOf: (column: number) => readonly [number, number, number] | null): void {
    this.#at.push(at)
    this.#columns.forEach((column, index) => {
      const values = valuesOf(index)
      column.mean.push(values === null ? null : rounded(values[0]))
      column.min.push(values === null ? null : rounded(values[1]))
      column.max.push(values === null ? null : rounded(values[2]))
    })
  }
}

/** Two decimals: more is noise, and costs on the wire. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
