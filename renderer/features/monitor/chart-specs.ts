import { formatBytes } from '../../../main/domain/format.ts'
import type { GpuSeries, HostSeries } from '../../../preload/contract/services/metrics.ts'

/** One chart of the page: which figures it shows, and how it says them. */
export interface ChartSpec {
  readonly key: string
  readonly title: string
  /** A figure of each GPU, or up to two of the machine. */
  readonly shows:
    | { readonly gpu: GpuSeries; readonly topFrom?: GpuSeries }
    | {
        readonly host: readonly HostSeries[]
        readonly labels: readonly string[]
        readonly topFrom?: HostSeries
      }
  readonly top: number | 'auto'
  /** One value with its unit. */
  readonly say: (value: number) => string
  /** The same at the scale, where there is less room. */
  readonly tick: (value: number) => string
}

const percent = (value: number): string => `${Math.round(value)} %`
const watt = (value: number): string => `${Math.round(value)} W`
const celsius = (value: number): string => `${Math.round(value)} °C`
const gib = (mib: number): string => {
  const value = mib / 1_024
  return `${value >= 99.95 ? Math.round(value) : value.toFixed(1)} GiB`
}
const rate = (bytesPerS: number): string => `${formatBytes(bytesPerS)}/s`

/** In the order of the page: the GPUs first. */
export const chartSpecs: readonly ChartSpec[] = [
  {
    key: 'gpu',
    title: 'GPU',
    shows: { gpu: 'utilisationPercent' },
    top: 100,
    say: percent,
    tick: percent,
  },
  {
    key: 'gpu-memory',
    title: 'GPU memory',
    shows: { gpu: 'memoryUsedMib', topFrom: 'memoryTotalMib' },
    top: 'auto',
    say: gib,
    tick: gib,
  },
  { key: 'power', title: 'Power', shows: { gpu: 'powerWatt' }, top: 'auto', say: watt, tick: watt },
  {
    key: 'temperature',
    title: 'Temperature',
    shows: { gpu: 'temperatureC' },
    top: 100,
    say: celsius,
    tick: celsius,
  },
  {
    key: 'cpu',
    title: 'CPU',
    shows: { host: ['cpuPercent'], labels: [''] },
    top: 100,
    say: percent,
    tick: percent,
  },
  {
    key: 'memory',
    title: 'Memory',
    shows: { host: ['memoryUsedMib'], labels: [''], topFrom: 'memoryTotalMib' },
    top: 'auto',
    say: gib,
    tick: gib,
  },
  {
    key: 'disk',
    title: 'Disk',
    shows: { host: ['diskReadBytesPerS', 'diskWrittenBytesPerS'], labels: ['read', 'written'] },
    top: 'auto',
    say: rate,
    tick: rate,
  },
  {
    key: 'network',
    title: 'Network',
    shows: {
      host: ['networkReceivedBytesPerS', 'networkSentBytesPerS'],
      labels: ['in', 'out'],
    },
    top: 'auto',
    say: rate,
    tick: rate,
  },
]

/** Several values in one line: each with its label, or for many GPUs their mean and (lowest to highest). */
export function sayValues(
  spec: ChartSpec,
  values: readonly number[],
  labels: readonly string[],
): string {
  const known = values.filter((value) => !Number.isNaN(value))
  if (known.length <= 2 || labels.some((label) => label !== '' && !label.startsWith('GPU'))) {
    return values
      .map((value, index) => {
        const said = Number.isNaN(value) ? 'unknown' : spec.say(value)
        const label = labels[index] ?? ''
        return label === '' || values.length === 1 ? said : `${label} ${said}`
      })
      .join(' · ')
  }
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const [low, high] = [Math.min(...known), Math.max(...known)].map((value) =>
    spec.say(value).replace(/ \S+$/, ''),
  )
  return low === high ? spec.say(mean) : `${spec.say(mean)} (${low} to ${high})`
}
