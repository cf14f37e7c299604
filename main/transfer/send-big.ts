import { randomBytes } from 'node:crypto'
import { SubletError } from '../domain/errors.ts'
import type { Machine, RemoteFile } from '../machine/machine.ts'
import type { Acknowledged } from './acknowledged.ts'
import { BlockReader } from './block-reader.ts'
import type { FrozenFile, FrozenManifest } from './frozen.ts'
import { FollowHash } from './follow-hash.ts'
import { closeMore, openMore } from './more-handles.ts'
import { OffsetNote } from './offset-note.ts'
import type { ProgressMeter } from './progress.ts'
import { remoteDiskFull, runForBytes, shellWord } from './remote-command.ts'
import { PARTIAL_FOLDER } from './remote-list.ts'
import { isCount } from './remote-stat.ts'
import { inputChanged, openSource } from './sources.ts'
import { CHUNK_BYTES, runWindow } from './window.ts'

const ZEROS = Buffer.alloc(CHUNK_BYTES)

function isZero(piece: Buffer): boolean {
  return piece[0] === 0 && piece.equals(ZEROS.subarray(0, piece.length))
}

/** A large file and the name under which it waits until its content has been checked. */
export interface BigFile {
  readonly file: FrozenFile
  readonly partial: string
  /** Tells this partial file from others of the same content, on other machines. */
  readonly mark: string
  /** Acknowledged without gaps by an earlier attempt. */
  readonly start: number
}

/** A large file that has arrived; `hash` is the machine's, null where it is not known yet. */
export interface SentBig extends BigFile {
  readonly hash: string | null
}

/** How far an earlier attempt came with a partial file. */
export interface FoundPartial {
  readonly mark: string
  readonly offset: number
}

/** How far earlier attempts came, by partial name: by their notes, and by what we know ourselves. */
export async function findPartials(
  machine: Machine,
  dir: string,
  acknowledged: Acknowledged | undefined,
  signal?: AbortSignal,
): Promise<Map<string, FoundPartial>> {
  const script = `cd ${shellWord(`${dir}/${PARTIAL_FOLDER}`)} 2>/dev/null || exit 0
for f in *.at; do p=\${f%.at}; [ -f "$p" ] && echo "$p $(cat "$f") $(stat -c %s "$p")"; done; true`
  const answer = await runForBytes(machine, script, [], signal)
  const found = new Map<string, FoundPartial>()
  for (const line of answer.stdout.toString('latin1').split('\n')) {
    const words = line.split(' ')
    const [name = '', noted = '', mark = ''] = words
    // Of an older version, or cut while it was begun: no note, or one without a mark.
    if (words.length !== 4 || !isCount(noted) || !isCount(words[3] ?? '')) continue
    // What was acknowledged counts, not the size: a window leaves holes before its last write.
    const offset = Math.max(Number(noted), acknowledged?.offset(mark) ?? 0)
    if (offset <= Number(words[3])) found.set(name, { mark, offset })
  }
  return found
}

/** Names partial files by content, so that any path works and another attempt finds them. */
export function namePartials(
  files: readonly FrozenFile[],
  known: ReadonlyMap<string, FoundPartial>,
): BigFile[] {
  const seen = new Map<string, number>()
  return files.map((file) => {
    const count = seen.get(file.sha256) ?? 0
    seen.set(file.sha256, count + 1)
    const partial = `${file.sha256}-${count}`
    const { mark = randomBytes(6).toString('hex'), offset = 0 } = known.get(partial) ?? {}
    return { file, partial, mark, start: Math.min(offset, file.size) }
  })
}

/**
 * Sends one large file into its partial file over the given connections and sets its time and
 * permissions; the name comes later. Rejects with `input-changed`, `disk-full` or `unreachable`;
 * what was acknowledged stays for the next attempt.
 */
export async function sendBig(
  machines: readonly Promise<Machine>[],
  frozen: FrozenManifest,
  dir: string,
  big: BigFile,
  options: {
    readonly meter: ProgressMeter
    readonly depth: number
    readonly follow: boolean
    readonly acknowledged?: Acknowledged
    readonly signal?: AbortSignal
  },
): Promise<SentBig> {
  const first = await machines[0]
  if (first === undefined) throw new Error('no connection')
  const { file, start } = big
  const path = `${dir}/${PARTIAL_FOLDER}/${big.partial}`
  const source = await openSource(frozen, file)
  const handles: RemoteFile[] = []
  let opening: Promise<boolean>[] = []
  let note: OffsetNote | undefined
  let follow: FollowHash | undefined
  let done = false
  let hash: string | null = null
  try {
    const before = await source.stat()
    handles.push(await first.openFile(path, start > 0 ? 'update' : 'create', options.signal))
    // In place: a cut must not find it empty.
    const at = await first.openFile(`${path}.at`, start > 0 ? 'update' : 'create', options.signal)
    note = new OffsetNote(at, big.mark, start)
    opening = openMore(
      machines,
      handles,
      async (machine) => await machine.openFile(path, 'update', options.signal),
    )
    await handles[0]?.setStat({ size: file.size })
    if (options.follow) follow = new FollowHash(first, path, options.signal)
    const reader = new BlockReader(source)
    const offsets = note
    await runWindow({
      size: file.size,
      start,
      lanes: machines.length,
      depth: options.depth,
      ready: async (lane) => (await opening[lane]) ?? false,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      move: async (lane, offset, length) => {
        const piece = await reader.piece(offset, length)
        if (piece.length !== length) throw inputChanged(frozen.root, file.path)
        // Holes stay holes: the file has its size already.
        if (!isZero(piece)) await handles[lane]?.write(offset, piece)
        options.meter.add(length)
      },
      onContiguous: (offset) => {
        options.acknowledged?.reached(big.mark, offset)
        offsets.reached(offset)
        follow?.reached(offset)
      },
    })
    const after = await source.stat()
    if (before.mtimeMs !== after.mtimeMs || after.size !== file.size)
      throw inputChanged(frozen.root, file.path)
    const hashing = follow?.finish(file.size) ?? null
    await handles[0]?.setStat({ size: file.size, mtimeMs: file.mtimeMs, mode: file.mode })
    hash = await hashing
    done = true
  } catch (error) {
    throw await asDiskFull(first, dir, error)
  } finally {
    if (!done) await follow?.abandon()
    await source.close()
    void closeMore(opening, handles)
    const own = [...handles.slice(0, 1), ...(note === undefined ? [] : [note])]
    const closing = own.map(async (handle) => await handle.close())
    // Only an attempt that will be repeated needs to wait until its offset is written down.
    const again = !done && !first.lost.aborted && options.signal?.aborted !== true
    if (again) await Promise.allSettled(closing)
    else void Promise.allSettled(closing)
  }
  options.meter.add(0, 1)
  return { ...big, hash }
}

/** SFTP has no code for a full disk: after a refused write the free space tells. */
async function asDiskFull(machine: Machine, dir: string, error: unknown): Promise<unknown> {
  if (machine.lost.aborted || !(error instanceof SubletError)) return error
  if (error.code === 'disk-full') return remoteDiskFull(machine, error.extras.nativeCode)
  if (!['internal', 'unavailable', 'invalid'].includes(error.code)) return error
  const answer = await machine.exec(`df -Pk ${shellWord(dir)} | awk 'END{print $4}'`)
  const freeBytes = Number(answer.stdout.trim()) * 1024
  return answer.exitCode === 0 && freeBytes < 4 * CHUNK_BYTES
    ? remoteDiskFull(machine, error.extras.nativeCode)
    : error
}
