import { createHash } from 'node:crypto'
import { copyFile, open, utimes } from 'node:fs/promises'
import { Transform, type Readable, type TransformCallback } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { SubletError } from '../domain/errors.ts'
import type { Machine } from '../machine/machine.ts'
import { systemCode } from './files.ts'
import { pathFromText, type PathBytes } from './path-bytes.ts'
import type { ProgressMeter } from './progress.ts'
import type { Fetched, RemoteItem } from './receive-types.ts'
import { pathFeed, runCommand, saidTooMuch, shellWord } from './remote-command.ts'

export interface FetchContext {
  readonly meter: ProgressMeter
  /** The temporary path for an item's content. */
  readonly tempFor: (item: RemoteItem) => string
  readonly signal?: AbortSignal
}

/** Small files are kept in memory until written; this many bytes at most. */
const PENDING_BYTES = 8 * 1024 * 1024
const HELD_BELOW_BYTES = 1024 * 1024

/** The member's name as raw bytes without `./`; pax names arrive as text, others as bytes. */
function memberPath(name: string, paxName: string | undefined): PathBytes {
  const path = paxName === undefined ? name : pathFromText(paxName)
  return path.replace(/^(\.\/)+/, '') as PathBytes
}

// Its types leave these options out; with latin1 a member's name is its bytes.
const byteNames: object = { filenameEncoding: 'latin1', allowUnknownFormat: true }

class TarReceiver {
  readonly #fetched = new Map<PathBytes, Fetched>()
  readonly #whole: Fetched[]
  readonly #wanted: ReadonlyMap<PathBytes, RemoteItem>
  readonly #context: FetchContext
  readonly #writes = new Set<Promise<void>>()
  #pendingBytes = 0
  #failure: unknown

  constructor(items: readonly RemoteItem[], context: FetchContext, whole: Fetched[]) {
    this.#whole = whole
    this.#wanted = new Map(items.map((item) => [item.entry.path, item]))
    this.#context = context
  }

  /** Accepts only what was asked for, with the size that was listed; anything else is drained. */
  async member(
    header: Header,
    content: AsyncIterable<Buffer> & Pick<Readable, 'resume'>,
  ): Promise<void> {
    const pax = header.pax as Readonly<Record<string, string>> | null
    const item = this.#wanted.get(memberPath(header.name, pax?.['path']))
    const isFile = header.type === 'file' || header.type === 'contiguous-file'
    if (item !== undefined && header.type === 'link') {
      content.resume()
      await this.#copyOf(item, memberPath(header.linkname ?? '', pax?.['linkpath']))
    } else if (item === undefined || !isFile || header.size !== item.entry.size) {
      for await (const _ of content) this.#context.signal?.throwIfAborted()
    } else if (item.entry.size < HELD_BELOW_BYTES) {
      await this.#held(item, content)
    } else {
      await this.#streamed(item, content)
    }
  }

  async #held(item: RemoteItem, content: AsyncIterable<Buffer>): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of content) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    const write = this.#write(item, bytes)
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#pendingBytes -= bytes.length
        this.#writes.delete(write)
      })
    this.#pendingBytes += bytes.length
    this.#writes.add(write)
    while (this.#pendingBytes > PENDING_BYTES || this.#writes.size > 64) {
      await Promise.race(this.#writes)
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  async #write(item: RemoteItem, bytes: Buffer): Promise<void> {
    const temp = this.#context.tempFor(item)
    const file = await open(temp, 'w', 0o600)
    try {
      await file.write(bytes, 0, bytes.length, 0)
      await file.utimes(item.entry.mtimeS, item.entry.mtimeS)
      await file.chmod(item.entry.mode & 0o777)
    } finally {
      await file.close()
    }
    this.#done(item, temp, createHash('sha256').update(bytes).digest('hex'))
    this.#context.meter.add(bytes.length, 1)
  }

  async #streamed(item: RemoteItem, content: AsyncIterable<Buffer>): Promise<void> {
    const temp = this.#context.tempFor(item)
    const hash = createHash('sha256')
    const file = await open(temp, 'w', 0o600)
    try {
      for await (const chunk of content) {
        this.#context.signal?.throwIfAborted()
        hash.update(chunk)
        await file.write(chunk)
        this.#context.meter.add(chunk.length)
      }
      await file.utimes(item.entry.mtimeS, item.entry.mtimeS)
      await file.chmod(item.entry.mode & 0o777)
    } finally {
      await file.close()
    }
    this.#done(item, temp, hash.digest('hex'))
    this.#context.meter.add(0, 1)
  }

  /** Some tars write a second name of one file as a hard link to the first. */
  async #copyOf(item: RemoteItem, first: PathBytes): Promise<void> {
    await Promise.all(this.#writes)
    const source = this.#fetched.get(first)
    if (source === undefined || source.item.entry.size !== item.entry.size) return
    const temp = this.#context.tempFor(item)
    await copyFile(source.temp, temp)
    await utimes(temp, item.entry.mtimeS, item.entry.mtimeS)
    this.#done(item, temp, source.sha256)
    this.#context.meter.add(item.entry.size, 1)
  }

  #done(item: RemoteItem, temp: string, sha256: string): void {
    const one = { item, temp, sha256, resumedBytes: 0 }
    this.#fetched.set(item.entry.path, one)
    this.#whole.push(one)
  }

  /** Also after a failure: nothing may be written once the pass is over. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes)
  }

  async finish(): Promise<void> {
    await Promise.all(this.#writes)
    if (this.#failure !== undefined) throw this.#failure
  }
}

/** What the parsers say of bytes that are no tar, or no gzip, in our words; others pass. */
function notTar(machine: Machine, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof SubletError) return error
  const code = systemCode(error)
  if (error.name === 'AbortError' || (code !== '' && !code.startsWith('Z_'))) return error
  return new SubletError(
    'unavailable',
    `The files from ${machine.label} cannot be read, because what it sent is no tar stream; try again or use another machine.`,
    { nativeCode: error.message, cause: error },
  )
}

/** Room for every member, its long names and what a file may have grown meanwhile. */
function mostStreamBytes(items: readonly RemoteItem[]): number {
  const perItem = items.reduce((sum, { entry }) => sum + entry.size + entry.path.length + 8_192, 0)
  return perItem * 2 + 16 * 2 ** 20
}

/** Passes bytes on, up to a limit: what nobody asked for is drained, but not for ever. */
class ByteLimit extends Transform {
  readonly #machine: Machine
  readonly #most: number
  #passed = 0

  constructor(machine: Machine, most: number) {
    super()
    this.#machine = machine
    this.#most = most
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#passed += chunk.length
    if (this.#passed <= this.#most) done(null, chunk)
    else done(saidTooMuch(this.#machine, 'of files', this.#most))
  }
}

/**
 * Fetches files of one remote folder as a tar stream into temporary files, and adds each to
 * `fetched` once it is whole. What vanished or changed its size meanwhile is simply not in it.
 */
export async function fetchSmall(
  machine: Machine,
  root: string,
  items: readonly RemoteItem[],
  gzip: boolean,
  context: FetchContext,
  fetched: Fetched[],
): Promise<void> {
  if (items.length === 0) return
  const receiver = new TarReceiver(items, context, fetched)
  const pack = `TAR_OPTIONS='--format=gnu --hard-dereference --no-unquote' LC_ALL=C xargs -0 tar -cf - --`
  const command = `cd ${shellWord(root)} && ${pack}${gzip ? ' | gzip -1c' : ''}`
  const feed = pathFeed(items.map((item) => item.entry.path))
  const limit = new ByteLimit(machine, mostStreamBytes(items))
  const unpack = async (stdout: Readable): Promise<void> => {
    const tar = extract(byteNames)
    const read = async (): Promise<void> => {
      for await (const entry of tar) {
        await receiver.member(entry.header, entry as unknown as Readable)
      }
    }
    const chain = gzip ? [stdout, createGunzip(), limit] : [stdout, limit]
    await Promise.all([pipeline([...chain, tar]), read()]).catch((error: unknown) => {
      throw notTar(machine, error)
    })
    await receiver.finish()
  }
  try {
    await runCommand(machine, command, feed, unpack, context.signal)
  } finally {
    await receiver.settled()
  }
}
