import {
  metricsSampleSchema,
  type MetricsSample,
} from '../../../preload/contract/metrics-sample.ts'

const longestLine = 16 * 1024
const mostGpus = 64

/**
 * Reads one line of the metrics file: time, cpu, memory used and total, disk used and total, bytes
 * received and sent, `io=read:written` of the disks and `log=size` in bytes, then one
 * `index:util:used:total:watt:celsius` per GPU; `-` is unknown. Null for anything else.
 */
function parseMetricsLine(line: string): MetricsSample | null {
  if (line.length > longestLine) return null
  const [time = '', ...rest] = line.split(' ')
  if (!/^\d{9,12}$/.test(time) || rest.length < 7) return null
  const host = rest.slice(0, 7).map(figure)
  // Older supervisors name none; a newer one's further names are passed over.
  const named = new Map(
    rest.flatMap((text) => {
      const match = /^([a-z]+)=(.*)$/.exec(text)
      return match === null ? [] : [[match[1], (match[2] ?? '').split(':').map(figure)] as const]
    }),
  )
  const gpus = rest
    .slice(7)
    .filter((text) => !text.includes('='))
    .map((text) => text.split(':').map(figure))
  if (gpus.length > mostGpus || gpus.some((fields) => fields.length !== 6)) return null
  // Who keeps figures by GPU must not be made to keep more of them than there can be.
  if (gpus.some(([index]) => typeof index === 'number' && index >= mostGpus)) return null
  const [cpuPercent, memoryUsedMib, memoryTotalMib, diskUsedMib, diskTotalMib, received, sent] =
    host
  const parsed = metricsSampleSchema.safeParse({
    at: Number(time) * 1000,
    cpuPercent,
    memoryUsedMib,
    memoryTotalMib,
    diskUsedMib,
    diskTotalMib,
    networkReceivedBytes: received,
    networkSentBytes: sent,
    diskReadBytes: named.get('io')?.[0],
    diskWrittenBytes: named.get('io')?.[1],
    logBytes: named.get('log')?.[0],
    gpus: gpus.map(([index, utilisationPercent, used, total, powerWatt, temperatureC]) => ({
      index,
      utilisationPercent,
      memoryUsedMib: used,
      memoryTotalMib: total,
      powerWatt,
      temperatureC,
    })),
  })
  return parsed.success ? parsed.data : null
}

/** A number, null for unknown, and undefined (which no schema takes) for anything else. */
function figure(text: string): number | null | undefined {
  if (text === '-') return null
  return /^\d{1,18}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined
}

/** Cuts a byte stream into samples and counts what is none. Holds at most one line. */
export class MetricsParser {
  #rest = ''
  #dropped = 0

  /** Lines that were no samples, since the start. */
  get dropped(): number {
    return this.#dropped
  }

  /** Bytes that belong to a line that has not ended yet. */
  get pendingBytes(): number {
    return Buffer.byteLength(this.#rest, 'latin1')
  }

  push(bytes: Uint8Array): MetricsSample[] {
    const lines = (this.#rest + Buffer.from(bytes).toString('latin1')).split('\n')
    this.#rest = lines.pop() ?? ''
    const samples: MetricsSample[] = []
    for (const line of lines) {
      const sample = parseMetricsLine(line)
      if (sample === null) this.#dropped += 1
      else samples.push(sample)
    }
    if (this.#rest.length > longestLine) {
      // A line without end would grow for ever; its tail is dropped as a line of its own.
      this.#rest = ''
      this.#dropped += 1
    }
    return samples
  }
}
