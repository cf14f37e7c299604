import { createHash } from 'node:crypto'
import { chmod, open, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { SubletError } from '../domain/errors.ts'
import { hashFile, systemCode } from './files.ts'
import { mapLocalNames, nameRulesOf } from './local-names.ts'
import type { TransferWarning } from './manifest.ts'
import type { MirrorState } from './mirror-state.ts'
import { ROOT, shortPath, type PathBytes } from './path-bytes.ts'
import { Placer } from './place.ts'
import { ProgressMeter, type OnProgress } from './progress.ts'
import { stampFolders } from './receive.ts'
import { checkRoom, inWords, openFolder } from './receive-folder.ts'
import type { RemoteItem } from './receive-types.ts'
import type { StoredItem, StoredManifest } from './stored.ts'
import { objectsOf, readStored } from './stored-objects.ts'

export interface ReceiveStoredOptions {
  readonly state: MirrorState
  readonly signal: AbortSignal
  readonly onProgress?: OnProgress
  /** The object's bytes from `offset` on. */
  readonly read: (
    key: string,
    offset: number,
    signal: AbortSignal,
  ) => Promise<AsyncIterable<Uint8Array>>
}

/**
 * Brings home what waits in a bucket, under the rules of `receiveItems`: each file gets its name
 * once its bytes have the machine's hash. Call again after any failure to go on. Errors:
 * `disk-full`, `permission`, those of `read`, `conflict` for bytes that are not what was sent.
 */
export async function receiveStored(
  manifest: StoredManifest,
  localDir: string,
  options: ReceiveStoredOptions,
): Promise<{ readonly warnings: readonly TransferWarning[] }> {
  const { state, signal } = options
  try {
    const { folder, partials } = await openFolder(localDir)
    const placer = new Placer(folder, state)
    await placer.settle()
    const names = mapLocalNames(manifest.among, nameRulesOf(process.platform))
    const nameOf = ({ path }: Pick<RemoteItem, 'path'>): PathBytes => names.get(path) ?? path
    const dirs = manifest.items.filter(({ kind }) => kind === 'dir').map(itemOf)
    for (const dir of dirs) await placer.folder(nameOf(dir))
    const files = manifest.items.filter(({ kind }) => kind === 'file')
    const missing = await missingOf(files, state, placer)
    await checkRoom(folder, sizeOf(missing))
    const meter = new ProgressMeter(sizeOf(files), files.length, options.onProgress)
    meter.add(sizeOf(files) - sizeOf(missing), files.length - missing.length)
    for (const file of missing) {
      signal.throwIfAborted()
      const temp = join(partials, tempName(file))
      await fetchStored(file, temp, options, (bytes) => meter.add(bytes))
      const sha256 = file.content?.sha256 ?? ''
      await placer.files([{ item: itemOf(file), temp, sha256, resumedBytes: 0 }], nameOf)
      await state.save()
      meter.add(0, 1)
    }
    for (const { path, kind, target, source } of manifest.items) {
      if (kind === 'symlink') {
        await placer.link(names.get(path) ?? path, target ?? ROOT, source ?? undefined)
      }
    }
    await stampFolders(folder, placer, dirs, nameOf)
    await rm(partials, { recursive: true, force: true })
    meter.finish()
    return { warnings: placer.warnings }
  } catch (error) {
    throw inWords(error, null, localDir)
  } finally {
    await state.save()
  }
}

function sizeOf(items: readonly StoredItem[]): number {
  return items.reduce((sum, { size }) => sum + size, 0)
}

async function missingOf(
  files: readonly StoredItem[],
  state: MirrorState,
  placer: Placer,
): Promise<StoredItem[]> {
  const missing: StoredItem[] = []
  for (const file of files) {
    const record = state.get(file.path)
    const isHome = record?.sha256 === file.content?.sha256
    if (record === undefined || !isHome || !(await placer.isOurs(record))) missing.push(file)
  }
  return missing
}

/** Other contents of the same name do not go on from each other. */
function tempName({ path, content }: StoredItem): string {
  return createHash('sha256')
    .update(`${path}\n${content?.sha256 ?? ''}`)
    .digest('hex')
    .slice(0, 40)
}

async function fetchStored(
  file: StoredItem,
  temp: string,
  { read, signal }: ReceiveStoredOptions,
  moved: (bytes: number) => void,
): Promise<void> {
  const { content, size, mode, mtimeS } = file
  if (content === null) throw new SubletError('internal', 'A stored file has no key.')
  for (let start = await resumeAt(temp, size); ; start = 0) {
    const out = await open(temp, start === 0 ? 'w' : 'r+', 0o600)
    moved(start)
    try {
      let at = start
      if (at < size) {
        const chunks = readStored(objectsOf(content, size), at, (key, offset) =>
          read(key, offset, signal),
        )
        for await (const chunk of chunks) {
          signal.throwIfAborted()
          await out.write(chunk, 0, chunk.length, at)
          at += chunk.length
          moved(chunk.length)
        }
      }
      if (at < size) {
        throw new SubletError(
          'unreachable',
          `The bucket stopped in the middle of ${shortPath(file.path)}.`,
        )
      }
    } finally {
      await out.close()
    }
    if ((await hashFile(temp, signal)) === content.sha256) break
    await rm(temp, { force: true })
    if (start > 0) {
      moved(-size)
      continue
    }
    throw new SubletError(
      'conflict',
      `${shortPath(file.path)} in the bucket (${content.key}) is not what the job's machine sent: something has replaced it there.`,
    )
  }
  await chmod(temp, mode & 0o777)
  await utimes(temp, mtimeS, mtimeS)
}

async function resumeAt(temp: string, size: number): Promise<number> {
  try {
    return Math.min((await stat(temp)).size, size)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0
    throw error
  }
}

function itemOf(stored: StoredItem): RemoteItem {
  const { path, kind, mode, size, mtimeS, ctimeS, target, source } = stored
  const entry = { path, kind, mode, size, mtimeS, ctimeS }
  return {
    root: '',
    path,
    entry: target === null ? entry : { ...entry, target },
    ...(source === null ? {} : { source }),
  }
}
