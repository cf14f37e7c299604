import { open, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { SubletError } from '../domain/errors.ts'
import type { Machine, RemoteFile } from '../machine/machine.ts'
import type { FetchContext } from './fetch-small.ts'
import { hashFile, systemCode } from './files.ts'
import { closeMore, openMore } from './more-handles.ts'
import { pathAsText } from './path-bytes.ts'
import type { Fetched, RemoteItem } from './receive-types.ts'
import { runWindow } from './window.ts'

const REMEMBER_EVERY_BYTES = 16 * 1024 * 1024

/** Which remote content a partial file belongs to, and how far it is complete. */
const noteSchema = z.object({
  size: z.number(),
  mtimeS: z.number(),
  ctimeS: z.number(),
  offset: z.number(),
})

async function resumeOffset(temp: string, { entry, pinned }: RemoteItem): Promise<number> {
  let text: string
  try {
    text = await readFile(`${temp}.at`, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0
    throw error
  }
  try {
    const note = noteSchema.parse(JSON.parse(text))
    const same =
      note.size === entry.size &&
      note.mtimeS === entry.mtimeS &&
      (pinned === true || note.ctimeS === entry.ctimeS)
    return same ? Math.min(note.offset, entry.size) : 0
  } catch {
    // A note that was cut while it was written only means starting over.
    return 0
  }
}

async function openPartial(
  temp: string,
  start: number,
): Promise<{ file: FileHandle; start: number }> {
  if (start > 0) {
    try {
      const file = await open(temp, 'r+')
      if ((await file.stat()).size >= start) return { file, start }
      await file.close()
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
    }
  }
  return { file: await open(temp, 'w', 0o600), start: 0 }
}

/** Null for a file that vanished or may not be read: the rest of the transfer goes on without it. */
async function openIfThere(
  machine: Machine,
  path: string,
  signal?: AbortSignal,
): Promise<RemoteFile | null> {
  try {
    return await machine.openFile(path, 'read', signal)
  } catch (error) {
    const gone = error instanceof SubletError && ['not-found', 'permission'].includes(error.code)
    if (gone) return null
    throw error
  }
}

/**
 * Fetches one large file in a window of reads over the given connections into its temporary file,
 * going on where an earlier attempt at the same content stopped. Null when it shrank, vanished or may not be read.
 */
export async function fetchBig(
  machines: readonly Promise<Machine>[],
  item: RemoteItem,
  depth: number,
  context: FetchContext,
): Promise<Fetched | null> {
  const name = pathAsText(item.entry.path)
  if (name === null)
    throw new SubletError('internal', 'A name that is not UTF-8 cannot pass through SFTP.')
  const { entry } = item
  const temp = context.tempFor(item)
  const { file, start } = await openPartial(temp, await resumeOffset(temp, item))
  const handles: RemoteFile[] = []
  let opening: Promise<boolean>[] = []
  let reached = start
  let noted = start
  let noting = Promise.resolve()
  const note = async (offset: number): Promise<void> => {
    const { size, mtimeS, ctimeS } = entry
    await writeFile(`${temp}.at`, JSON.stringify({ size, mtimeS, ctimeS, offset }), { mode: 0o600 })
  }
  let shrank = false
  try {
    const path = `${item.root}/${name}`
    const first = await machines[0]
    const handle = first === undefined ? null : await openIfThere(first, path, context.signal)
    if (handle === null) return null
    handles.push(handle)
    opening = openMore(
      machines,
      handles,
      async (machine) => await machine.openFile(path, 'read', context.signal),
    )
    context.meter.addBefore(start)
    await runWindow({
      size: entry.size,
      start,
      lanes: machines.length,
      depth,
      ready: async (lane) => (await opening[lane]) ?? false,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
      move: async (lane, offset, length) => {
        const bytes = await handles[lane]?.read(offset, length)
        if (bytes?.length !== length) {
          shrank = true
          throw new SubletError('invalid', 'The file shrank while it was read.')
        }
        await file.write(bytes, 0, length, offset)
        context.meter.add(length)
      },
      onContiguous: (offset) => {
        reached = offset
        if (offset - noted < REMEMBER_EVERY_BYTES) return
        noted = offset
        noting = noting.then(async () => await note(offset)).catch(() => undefined) // Only costs a longer resume.
      },
    })
    await file.utimes(entry.mtimeS, entry.mtimeS)
    await file.chmod(entry.mode & 0o777)
  } catch (error) {
    await noting
    if (!shrank) {
      // The first failure is what the user must hear of, not that the note failed as well.
      await note(reached).catch(() => undefined)
      throw error
    }
    await rm(temp, { force: true })
    return null
  } finally {
    await file.close()
    void closeMore(opening, handles)
    void Promise.allSettled(handles.slice(0, 1).map(async (own) => await own.close()))
  }
  await noting
  await rm(`${temp}.at`, { force: true })
  context.meter.add(0, 1)
  return { item, temp, sha256: await hashFile(temp, context.signal), resumedBytes: start }
}
