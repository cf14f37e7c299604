import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { systemCode } from './files.ts'
import { pathSchema } from './frozen.ts'
import type { PathBytes } from './path-bytes.ts'

const recordSchema = z.object({
  /** The file as the machine knows it, relative to the output folder before mapping. */
  path: pathSchema,
  /** Where it lies here. */
  local: pathSchema,
  sha256: z.string(),
  localSize: z.number(),
  localMtimeMs: z.number(),
  remoteSize: z.number(),
  remoteMtimeS: z.number(),
  remoteCtimeS: z.number(),
  /** The job that it came home for last, and when; absent in states of older versions. */
  jobId: z.string().exactOptional(),
  receivedAt: z.number().exactOptional(),
})
export type MirrorRecord = z.infer<typeof recordSchema>

const stateSchema = z.object({ version: z.literal(1), files: z.array(recordSchema) })

/** For whom a pass brings files home, and what time it is then. */
export interface MirrorStamp {
  readonly jobId: string
  readonly now: () => number
}

/**
 * What earlier passes wrote into an output folder. It lives in Sublet's home, never in the output
 * folder: only a file named here, and unchanged since, may be replaced by a newer one.
 */
export class MirrorState {
  readonly #path: string
  readonly #files: Map<PathBytes, MirrorRecord>

  readonly #stamp: MirrorStamp | null

  private constructor(
    path: string,
    files: Map<PathBytes, MirrorRecord>,
    stamp: MirrorStamp | null,
  ) {
    this.#path = path
    this.#files = files
    this.#stamp = stamp
  }

  /** A missing file is an empty state; an unreadable one too, as then nothing may be replaced. */
  static async open(path: string, stamp: MirrorStamp | null = null): Promise<MirrorState> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return new MirrorState(path, new Map(), stamp)
      throw error
    }
    try {
      const state = z.decode(stateSchema, JSON.parse(text))
      return new MirrorState(path, new Map(state.files.map((file) => [file.path, file])), stamp)
    } catch {
      // A damaged state only means that nothing here counts as ours any more.
      return new MirrorState(path, new Map(), stamp)
    }
  }

  get(path: PathBytes): MirrorRecord | undefined {
    return this.#files.get(path)
  }

  set(record: MirrorRecord): void {
    const stamp = this.#stamp
    const noted = stamp === null ? {} : { jobId: stamp.jobId, receivedAt: stamp.now() }
    this.#files.set(record.path, { ...record, ...noted })
  }

  /** It is at home already: says that it is this job's too. */
  keep(record: MirrorRecord): void {
    if (this.#stamp !== null && record.jobId !== this.#stamp.jobId) this.set(record)
  }

  /** In no order. */
  records(): readonly MirrorRecord[] {
    return [...this.#files.values()]
  }

  async save(): Promise<void> {
    const state = z.encode(stateSchema, { version: 1, files: [...this.#files.values()] })
    await writeFile(`${this.#path}.new`, JSON.stringify(state), { mode: 0o600 })
    await rename(`${this.#path}.new`, this.#path)
  }
}
