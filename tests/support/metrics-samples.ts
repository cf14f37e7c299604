import type { MetricsSample } from '../../preload/contract/metrics-sample.ts'

/** A plausible sample of a machine with so many GPUs, at a second; the load moves in waves. */
export function metricsSample(
  at: number,
  gpuCount = 0,
  change: Partial<MetricsSample> = {},
): MetricsSample {
  const second = Math.floor(at / 1_000)
  return {
    at,
    cpuPercent: Math.round(40 + 20 * Math.sin(second / 30)),
    memoryUsedMib: 12_000 + (second % 600),
    memoryTotalMib: 64_000,
    diskUsedMib: 30_000,
    diskTotalMib: 200_000,
    networkReceivedBytes: second * 1_200_000,
    networkSentBytes: second * 40_000,
    diskReadBytes: second * 4_000_000,
    diskWrittenBytes: second * 900_000,
    logBytes: 0,
    gpus: Array.from({ length: gpuCount }, (_, index) => ({
      index,
      utilisationPercent: Math.round(88 + 10 * Math.sin(second / 7 + index)),
      memoryUsedMib: 60_000 + 500 * index,
      memoryTotalMib: 81_559,
      powerWatt: 580 + Math.round(80 * Math.sin(second / 11 + index)),
      temperatureC: 64 + index,
    })),
    ...change,
  }
}
