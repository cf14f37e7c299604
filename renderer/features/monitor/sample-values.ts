import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import {
  gpuSeries,
  hostSeries,
  type GpuSeries,
  type HostSeries,
} from '../../../preload/contract/services/metrics.ts'

const counters = [
  'networkReceivedBytes',
  'networkSentBytes',
  'diskReadBytes',
  'diskWrittenBytes',
] as const
const gauges = 5

/** The ring's column of a figure of the machine. */
export function hostColumn(name: HostSeries): number {
  return hostSeries.indexOf(name)
}

/** The ring's column of a GPU's figure, with the GPU's place in the list. */
export function gpuColumn(name: GpuSeries, place: number): number {
  return hostSeries.length + place * gpuSeries.length + gpuSeries.indexOf(name)
}

/** Turns live samples into rows of a ring; counters become rates against the sample before. */
export class SampleValues {
  readonly #gpus: readonly number[]
  readonly #values: Float64Array
  readonly #before = new Float64Array(counters.length).fill(Number.NaN)
  #beforeAt = Number.NaN

  constructor(gpus: readonly number[]) {
    this.#gpus = gpus
    this.#values = new Float64Array(hostSeries.length + gpus.length * gpuSeries.length)
  }

  get columns(): number {
    return this.#values.length
  }

  /** The sample's values by column, NaN where unknown; the same array at every call. */
  of(sample: MetricsSample): Float64Array {
    const values = this.#values.fill(Number.NaN)
    for (let index = 0; index < gauges; index += 1) {
      const name = hostSeries[index] as keyof MetricsSample
      values[index] = (sample[name] as number | null | undefined) ?? Number.NaN
    }
    const elapsedS = (sample.at - this.#beforeAt) / 1_000
    if (!(elapsedS <= 0)) {
      counters.forEach((name, index) => {
        const value = sample[name] ?? Number.NaN
        const grown = value - (this.#before[index] ?? Number.NaN)
        if (grown >= 0 && elapsedS <= 10) values[gauges + index] = grown / elapsedS
        this.#before[index] = value
      })
      this.#beforeAt = sample.at
    }
    for (const gpu of sample.gpus) {
      const place = this.#gpus.indexOf(gpu.index)
      if (place < 0) continue
      for (const name of gpuSeries) values[gpuColumn(name, place)] = gpu[name] ?? Number.NaN
    }
    return values
  }
}
