import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { systemCode } from './files.ts'
import { pathSchema } from './frozen.ts'
import type { PathBytes } from './path-bytes.ts'

const sourceSchema = z.object({ from: z.enum(['output', 'work']), path: pathSchema })

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
  /** Where the job wrote it, so that the next attempt finds it there. */
  source: sourceSchema.exactOptional(),
})
export type MirrorRecord = z.infer<typeof recordSchema>

const linkSchema = z.object({
  /** Where it lies here, and what it says. */
  local: pathSchema,
  target: pathSchema,
  jobId: z.string().exactOptional(),
  source: sourceSchema.exactOptional(),
})
/** A link that Sublet made, which may follow the job's. */
export type MirrorLink = z.infer<typeof linkSchema>

const stateSchema = z.object({
  version: z.literal(1),
  files: z.array(recordSchema),
  coming: z.array(recordSchema).default([]),
  links: z.array(linkSchema).default([]),
})

const nothing = { files: [], coming: [], links: [] }

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
  readonly #links: Map<PathBytes, MirrorLink>
  #coming: readonly MirrorRecord[]
  readonly #torn = new Map<PathBytes, MirrorRecord>()
  readonly #stamp: MirrorStamp | null

  private constructor(
    path: string,
    state: Omit<z.infer<typeof stateSchema>, 'version'>,
    stamp: MirrorStamp | null,
  ) {
    this.#path = path
    this.#files = new Map(state.files.map((file) => [file.path, file]))
    this.#links = new Map(state.links.map((link) => [link.local, link]))
    this.#coming = state.coming
    this.#stamp = stamp
  }

  /** A missing file is an empty state; an unreadable one too, as then nothing may be replaced. */
  static async open(path: string, stamp: MirrorStamp | null = null): Promise<MirrorState> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return new MirrorState(path, nothing, stamp)
      throw error
    }
    try {
      return new MirrorState(path, z.decode(stateSchema, JSON.parse(text)), stamp)
    } catch {
      // A damaged state only means that nothing here counts as ours any more.
      return new MirrorState(path, nothing, stamp)
    }
  }

  get(path: PathBytes): MirrorRecord | undefined {
    return this.#files.get(path)
  }

  set(record: MirrorRecord): void {
    this.#arrive(this.#stamped(record))
  }

  #arrive(record: MirrorRecord): void {
    this.#files.set(record.path, record)
    this.#torn.delete(record.path)
  }

  #stamped(record: MirrorRecord): MirrorRecord {
    const stamp = this.#stamp
    return stamp === null ? record : { ...record, jobId: stamp.jobId, receivedAt: stamp.now() }
  }

  /**
   * Files that are about to get their names, saved before they do: whoever opens the state after a
   * crash in between knows them as ours (`coming`).
   */
  async expect(records: readonly MirrorRecord[]): Promise<void> {
    this.#coming = records.map((record) => this.#stamped(record))
    await this.save()
  }

  /** All of them have their names; saved with the next `save`. */
  arrived(): void {
    for (const record of this.#coming) this.#arrive(record)
    this.#coming = []
  }

  /** What was about to get its name when an earlier pass broke off; empty after `settled`. */
  get coming(): readonly MirrorRecord[] {
    return this.#coming
  }

  /** Says which of `coming` had got their names. */
  settled(records: readonly MirrorRecord[]): void {
    for (const record of this.#coming) this.#torn.set(record.path, record)
    for (const record of records) this.#arrive(record)
    this.#coming = []
  }

  /** What a pass that broke off did not bring any more, and no later one has: its set is not whole here. */
  get torn(): readonly MirrorRecord[] {
    return [...this.#torn.values()]
  }

  /** The link that Sublet made at this place here. */
  link(local: PathBytes): MirrorLink | undefined {
    return this.#links.get(local)
  }

  setLink(link: MirrorLink): void {
    const jobId = this.#stamp?.jobId
    this.#links.set(link.local, jobId === undefined ? link : { ...link, jobId })
  }

  /** In no order. */
  links(): readonly MirrorLink[] {
    return [...this.#links.values()]
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
    const state = z.encode(stateSchema, {
      version: 1,
      files: [...this.#files.values()],
      coming: [...this.#torn.values(), ...this.#coming],
      links: [...this.#links.values()],
    })
    await writeFile(`${this.#path}.new`, JSON.stringify(state), { mode: 0o600 })
    await rename(`${this.#path}.new`, this.#path)
  }
}
