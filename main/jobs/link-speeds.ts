import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Offer } from '../../preload/contract/offer.ts'

type Place = Pick<Offer, 'providerId' | 'region'>

const fileSchema = z.object({
  version: z.literal(1),
  /** Bytes per second home, by `<provider>/<region>`. */
  home: z.record(z.string(), z.number().positive()),
})

/** Shorter transfers say more about round trips than about the line. */
const leastBytes = 4_000_000
const leastMs = 200
/** How much the newest transfer counts. */
const weight = 0.4

/** How quickly bytes came home so far, by provider and region. Kept in a small file of the home. */
export class LinkSpeeds {
  readonly #file: string
  readonly #home: Map<string, number>
  #writing: Promise<void> = Promise.resolve()

  /** A file that is missing or damaged only means that nothing is known. */
  constructor(file: string) {
    this.#file = file
    this.#home = new Map(Object.entries(readSpeeds(file)))
  }

  /** Bytes per second that came home from there before; null when nothing large did. */
  bytesPerSecond({ providerId, region }: Place): number | null {
    return this.#home.get(`${providerId}/${region}`) ?? null
  }

  /** A transfer of so many bytes home took so long. Small ones are not counted. */
  async learn({ providerId, region }: Place, bytes: number, durationMs: number): Promise<void> {
    if (bytes < leastBytes || durationMs < leastMs) return
    const key = `${providerId}/${region}`
    const speed = (bytes / durationMs) * 1_000
    const known = this.#home.get(key)
    this.#home.set(key, known === undefined ? speed : known * (1 - weight) + speed * weight)
    // What cannot be kept is forgotten with the engine: only an estimate is the worse for it.
    this.#writing = this.#writing.then(async () => await this.#write()).catch(() => undefined)
    await this.#writing
  }

  async #write(): Promise<void> {
    const text = JSON.stringify({ version: 1, home: Object.fromEntries(this.#home) })
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 })
    await writeFile(`${this.#file}.new`, text, { mode: 0o600 })
    await rename(`${this.#file}.new`, this.#file)
  }
}

function readSpeeds(file: string): Readonly<Record<string, number>> {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).home
  } catch {
    return {} // See the constructor.
  }
}
