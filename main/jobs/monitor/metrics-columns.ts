import {
  appendFile,
  open,
  rename,
  rm,
  truncate,
  writeFile,
  type FileHandle,
} from 'node:fs/promises'
import { z } from 'zod'
import type { MetricsSample } from '../../../preload/contract/metrics-sample.ts'
import { readSamples } from '../metrics-store.ts'
import { openIfThere } from './line-index.ts'
import { LogTimes } from './log-times.ts'
import { readAt } from './read-rows.ts'
import { encodeSamples, recordBytes, wide } from './sample-record.ts'

const headerBytes = 512
const headerSchema = z.object({
  format: z.literal('sublet-metrics-1'),
  gpus: z.array(z.int()).max(64),
})
const pieceBytes = 2 ** 20

/** Records of a file, as numbers side by side; each takes `stride` doubles, or twice as many floats. */
export interface RecordPiece {
  readonly doubles: Float64Array
  readonly floats: Float32Array
  readonly strideDoubles: number
  readonly count: number
}

/**
 * An attempt's samples in records of one size, so that a day of eight GPUs is read in the blink
 * of an eye. Derived: the store's own file is the truth, and this is caught up with it or made
 * anew. One caller at a time.
 */
export class MetricsColumns {
  readonly #source: string
  readonly #path: string
  #gpus: readonly number[] = []
  #count = 0
  #sourceNext = 0
  #opened = false
  readonly times = new LogTimes()

  constructor(source: string, path: string) {
    this.#source = source
    this.#path = path
  }

  get gpus(): readonly number[] {
    return this.#gpus
  }

  get count(): number {
    return this.#count
  }

  /** Takes in what the store has got since. */
  async catchUp(): Promise<void> {
    if (!this.#opened) await this.#open()
    for (;;) {
      const from = this.#sourceNext
      const { samples, next } = await readSamples(this.#source, from)
      if (next === from) return
      await this.#add(samples, next)
    }
  }

  /** Records from the first one at or after a time on, in pieces. */
  async *read(fromAt: number): AsyncGenerator<RecordPiece> {
    const file = await openIfThere(this.#path)
    if (file === null) return
    try {
      const size = recordBytes(this.#gpus.length)
      let record = await this.#firstAt(file, fromAt)
      const most = Math.max(1, Math.floor(pieceBytes / size))
      while (record < this.#count) {
        const count = Math.min(most, this.#count - record)
        yield await this.#piece(file, record, count)
        record += count
      }
    } finally {
      await file.close()
    }
  }

  /** Times of the first and the last sample. */
  async range(): Promise<{ readonly fromAt: number; readonly toAt: number } | null> {
    if (this.#count === 0) return null
    const file = await open(this.#path, 'r')
    try {
      return { fromAt: await this.#at(file, 0), toAt: await this.#at(file, this.#count - 1) }
    } finally {
      await file.close()
    }
  }

  /** Where in the store's file to read on for the samples from a time on; somewhat before it. */
  async sourceBefore(at: number): Promise<number> {
    const file = await openIfThere(this.#path)
    if (file === null) return 0
    try {
      let record = (await this.#firstAt(file, at)) - 1
      for (; record >= 0; record -= 1) {
        const { doubles } = await this.#piece(file, record, 1)
        const next = doubles[wide.sourceNext] ?? 0
        if (next > 0) return next
      }
      return 0
    } finally {
      await file.close()
    }
  }

  async #open(): Promise<void> {
    const file = await openIfThere(this.#path)
    if (file === null) return this.#begin([])
    try {
      const header = readHeader(await readAt(file, 0, headerBytes))
      if (header === null) return await this.#begin([])
      this.#gpus = header.gpus
      const { size } = await file.stat()
      const length = recordBytes(header.gpus.length)
      const whole = Math.max(0, Math.floor((size - headerBytes) / length))
      this.#count = await this.#wholeBatches(file, whole)
      this.#opened = true
      const kept = headerBytes + this.#count * length
      if (size !== kept) await truncate(this.#path, kept)
      for await (const piece of this.read(Number.NEGATIVE_INFINITY)) this.#note(piece)
    } finally {
      await file.close()
    }
  }

  /** The records up to the last one that ends a batch; sets where the store goes on behind it. */
  async #wholeBatches(file: FileHandle, records: number): Promise<number> {
    for (let count = records; count > 0; count -= 1) {
      const { doubles } = await this.#piece(file, count - 1, 1)
      this.#sourceNext = doubles[wide.sourceNext] ?? 0
      if (this.#sourceNext > 0) return count
    }
    this.#sourceNext = 0
    return 0
  }

  async #begin(gpus: readonly number[]): Promise<void> {
    const text = JSON.stringify({ format: 'sublet-metrics-1', gpus })
    const fresh = `${this.#path}.new`
    await rm(fresh, { force: true })
    const made = await writeFile(fresh, text.padEnd(headerBytes), { mode: 0o600 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        // The job's folder is not there yet, so there are no samples either.
        if (error.code === 'ENOENT') return false
        throw error
      },
    )
    if (!made) return
    await rename(fresh, this.#path)
    this.#gpus = gpus
    this.#count = 0
    this.#sourceNext = 0
    this.times.clear()
    this.#opened = true
  }

  async #add(samples: readonly MetricsSample[], next: number): Promise<void> {
    const unknown = samples
      .flatMap((sample) => sample.gpus.map((gpu) => gpu.index))
      .filter((index) => !this.#gpus.includes(index))
    if (unknown.length > 0) {
      const gpus = [...new Set([...this.#gpus, ...unknown])].toSorted((a, b) => a - b)
      await this.#begin(gpus)
      return
    }
    if (samples.length > 0) {
      try {
        await appendFile(this.#path, encodeSamples(samples, this.#gpus, next))
      } catch (error) {
        // A part of them may stand there and would shift all that follow: look again at the next turn.
        this.#opened = false
        throw error
      }
    }
    this.#sourceNext = next
    this.#count += samples.length
    for (const { at, logBytes } of samples) {
      if (logBytes !== null) this.times.add(at, logBytes)
    }
  }

  #note(piece: RecordPiece): void {
    for (let at = 0; at < piece.count; at += 1) {
      const start = at * piece.strideDoubles
      const bytes = piece.doubles[start + wide.logBytes] ?? Number.NaN
      if (!Number.isNaN(bytes)) this.times.add(piece.doubles[start + wide.at] ?? 0, bytes)
    }
  }

  async #firstAt(file: FileHandle, at: number): Promise<number> {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((await this.#at(file, middle)) < at) low = middle + 1
      else high = middle
    }
    return low
  }

  async #at(file: FileHandle, record: number): Promise<number> {
    return (await this.#piece(file, record, 1)).doubles[wide.at] ?? 0
  }

  async #piece(file: FileHandle, record: number, count: number): Promise<RecordPiece> {
    const size = recordBytes(this.#gpus.length)
    const buffer = new ArrayBuffer(count * size)
    const { bytesRead } = await file.read(
      new Uint8Array(buffer),
      0,
      buffer.byteLength,
      headerBytes + record * size,
    )
    return {
      doubles: new Float64Array(buffer),
      floats: new Float32Array(buffer),
      strideDoubles: size / 8,
      count: Math.floor(bytesRead / size),
    }
  }
}

/** Null for what is no header of this version. */
function readHeader(bytes: Buffer): z.infer<typeof headerSchema> | null {
  try {
    return headerSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data ?? null
  } catch {
    return null // It was torn, or it is something else.
  }
}
