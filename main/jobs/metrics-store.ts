import { appendFile, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { metricsSampleSchema, type MetricsSample } from '../../preload/contract/metrics-sample.ts'
import { openIfThere } from './monitor/line-index.ts'

/** Samples together with where the machine's file goes on behind them: both are stored or neither. */
const batchSchema = z.object({
  nextOffset: z.int().nonnegative(),
  samples: z.array(z.unknown()),
})
type Batch = z.infer<typeof batchSchema>

/** More than a batch ever has: what is read of the file at once. */
const pieceBytes = 4 * 2 ** 20
/** What a machine with many GPUs may say each second, as it is stored, and what it may say at once. */
const mostBytesPerS = 4 * 2 ** 10
const mostAtOnceBytes = 64 * 2 ** 20

/** How large the samples of an attempt can honestly be after it has run for so long. */
export function mostMetricsBytes(ranMs: number): number {
  return mostAtOnceBytes + Math.ceil((Math.max(0, ranMs) / 1_000) * mostBytesPerS)
}

/** The local copy of an attempt's samples, one JSON line each batch, kept after the machine is gone. */
export class MetricsStore {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Where following goes on: right behind what is stored, so that no sample is lost or doubled. */
  async nextOffset(): Promise<number> {
    const text = await this.#tail()
    for (const line of text.split('\n').toReversed()) {
      const batch = batchIn(line)
      if (batch !== null) return batch.nextOffset
    }
    return 0
  }

  /** False when the file would grow beyond `limitBytes`: then nothing was stored. */
  async append(
    samples: readonly MetricsSample[],
    nextOffset: number,
    limitBytes: number = mostMetricsBytes(0),
  ): Promise<boolean> {
    if (samples.length === 0) return true
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    // The first newline ends what a full disk or a crash may have left half-written.
    const line = `\n${JSON.stringify({ nextOffset, samples })}\n`
    const { size } = await stat(this.#path).catch(nothingYet)
    if (size + line.length > limitBytes) return false
    await appendFile(this.#path, line, { mode: 0o600 })
    return true
  }

  /** The last lines; the file of a long job is too large to be read whole. */
  async #tail(): Promise<string> {
    const file = await openIfThere(this.#path)
    if (file === null) return ''
    try {
      const { size } = await file.stat()
      const buffer = Buffer.alloc(Math.min(size, pieceBytes))
      const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  }
}

/**
 * Samples stored from byte `from` on, and where to go on reading. A half-written line waits; one
 * that stayed half-written is passed over (its samples were stored again behind it).
 */
export async function readSamples(
  path: string,
  from: number,
): Promise<{ readonly samples: MetricsSample[]; readonly next: number }> {
  const file = await openIfThere(path)
  if (file === null) return { samples: [], next: from }
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.max(0, Math.min(size - from, 4 * 2 ** 20)))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
    const lines = buffer.subarray(0, end).toString('utf8').split('\n')
    const samples = lines.flatMap((line) =>
      (batchIn(line)?.samples ?? []).flatMap((one) => {
        const parsed = metricsSampleSchema.safeParse(one)
        return parsed.success ? [parsed.data] : []
      }),
    )
    return { samples, next: from + end }
  } finally {
    await file.close()
  }
}

function nothingYet(error: NodeJS.ErrnoException): { readonly size: number } {
  if (error.code === 'ENOENT') return { size: 0 }
  throw error
}

/** Null for an empty line and for one that was never completed. */
function batchIn(line: string): Batch | null {
  if (line === '') return null
  try {
    return batchSchema.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null // Half a line is no JSON.
  }
}
