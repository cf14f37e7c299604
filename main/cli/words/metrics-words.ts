import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'

/** `GPU 0 97 % 61/80 GiB 412 W 61 °C`, a part for each GPU; the processor's load where there is none. */
export function metricsWords(sample: MetricsSample): string {
  const gpus = sample.gpus.map((gpu) =>
    [
      `GPU ${gpu.index}`,
      figure(gpu.utilisationPercent, '%'),
      gpu.memoryUsedMib === null || gpu.memoryTotalMib === null
        ? []
        : `${gib(gpu.memoryUsedMib)}/${gib(gpu.memoryTotalMib)} GiB`,
      figure(gpu.powerWatt, 'W'),
      figure(gpu.temperatureC, '°C'),
    ]
      .flat()
      .join(' '),
  )
  if (gpus.length > 0) return gpus.join('  ')
  const memory =
    sample.memoryUsedMib === null || sample.memoryTotalMib === null
      ? []
      : `${gib(sample.memoryUsedMib)}/${gib(sample.memoryTotalMib)} GiB`
  const parts = [figure(sample.cpuPercent, '%'), memory].flat()
  return parts.length === 0 ? '' : `CPU ${parts.join(' ')}`
}

function figure(value: number | null, unit: string): readonly string[] {
  return value === null ? [] : [`${Math.round(value)} ${unit}`]
}

function gib(mib: number): string {
  const value = mib / 1_024
  return value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value))
}
