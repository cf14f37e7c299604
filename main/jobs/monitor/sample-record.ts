import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'

/** 64-bit figures of a record, by their place. `sourceNext` is 0 within a batch. */
export const wide = {
  at: 0,
  sourceNext: 1,
  logBytes: 2,
  received: 3,
  sent: 4,
  read: 5,
  written: 6,
} as const
const wideCount = 7

/** 32-bit figures of a record, behind the 64-bit ones: five of the machine, then five each GPU. */
export const hostGauges = [
  'cpuPercent',
  'memoryUsedMib',
  'memoryTotalMib',
  'diskUsedMib',
  'diskTotalMib',
] as const
export const gpuGauges = [
  'utilisationPercent',
  'memoryUsedMib',
  'memoryTotalMib',
  'powerWatt',
  'temperatureC',
] as const

/** Bytes of a record with so many GPUs: a multiple of eight. */
export function recordBytes(gpuCount: number): number {
  const bytes = wideCount * 8 + (hostGauges.length + gpuGauges.length * gpuCount) * 4
  return Math.ceil(bytes / 8) * 8
}

/** Where the 32-bit figures begin, counted in 32 bits. */
export const gaugesAt = wideCount * 2

/** Writes samples as records; what was not measured is NaN. The last one names `sourceNext`. */
export function encodeSamples(
  samples: readonly MetricsSample[],
  gpus: readonly number[],
  sourceNext: number,
): Uint8Array {
  const size = recordBytes(gpus.length)
  const buffer = new ArrayBuffer(size * samples.length)
  samples.forEach((sample, index) => {
    const doubles = new Float64Array(buffer, index * size, wideCount)
    const floats = new Float32Array(buffer, index * size, size / 4)
    const place = (where: number, value: number | null): void => {
      doubles[where] = value ?? Number.NaN
    }
    place(wide.at, sample.at)
    place(wide.sourceNext, index === samples.length - 1 ? sourceNext : 0)
    place(wide.logBytes, sample.logBytes)
    place(wide.received, sample.networkReceivedBytes)
    place(wide.sent, sample.networkSentBytes)
    place(wide.read, sample.diskReadBytes)
    place(wide.written, sample.diskWrittenBytes)
    hostGauges.forEach((name, at) => {
      floats[gaugesAt + at] = sample[name] ?? Number.NaN
    })
    const byIndex = new Map(sample.gpus.map((gpu) => [gpu.index, gpu]))
    gpus.forEach((gpuIndex, order) => {
      const gpu = byIndex.get(gpuIndex)
      gpuGauges.forEach((name, at) => {
        const where = gaugesAt + hostGauges.length + order * gpuGauges.length + at
        floats[where] = gpu?.[name] ?? Number.NaN
      })
    })
  })
  return new Uint8Array(buffer)
}
