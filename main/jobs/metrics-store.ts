import { appendFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { metricsSampleSchema, type MetricsSample } from '../../preload/contract/job.ts'

const offsetSchema = z.object({ nextOffset: z.int().nonnegative() })

/** The local copy of an attempt's samples, one JSON line each, kept after the machine is gone. */
export class MetricsStore {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Where following goes on: never behind what is stored, so that no sample is lost. */
  async nextOffset(): Promise<number> {
    const text = await readFile(`${this.#path}.offset`, 'utf8').catch(() => null) // None yet.
    return text === null ? 0 : offsetSchema.parse(JSON.parse(text)).nextOffset
  }

  async append(samples: readonly MetricsSample[], nextOffset: number): Promise<void> {
    if (samples.length === 0) return
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 })
    await appendFile(this.#path, samples.map((one) => `${JSON.stringify(one)}\n`).join(''), {
      mode: 0o600,
    })
    await writeFile(`${this.#path}.offset.partial`, JSON.stringify({ nextOffset }), { mode: 0o600 })
    await rename(`${this.#path}.offset.partial`, `${this.#path}.offset`)
  }
}

/** Samples stored from byte `from` on, and where to go on reading. A half-written line waits. */
export async function readSamples(
  path: string,
  from: number,
): Promise<{ readonly samples: MetricsSample[]; readonly next: number }> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return { samples: [], next: from }
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.max(0, Math.min(size - from, 4 * 2 ** 20)))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from)
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
    const lines = buffer.subarray(0, end).toString('utf8').split('\n').filter(Boolean)
    const samples = lines.flatMap((line) => {
      const parsed = metricsSampleSchema.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    })
    return { samples, next: from + end }
  } finally {
    await file.close()
  }
}
