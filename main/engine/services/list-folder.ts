import { type Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type {
  FileEntry,
  FileFacts,
  FolderListing,
} from '../../../preload/contract/services/files.ts'
import { SubletError } from '../../domain/errors.ts'
import { inputRole } from '../../jobs/understand/input-role.ts'
import { requireInput, resolveUserPath } from '../../jobs/understand/file-facts.ts'

const mostEntries = 5_000
const lookupsAtOnce = 32
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** What is in a folder, for choosing; the user's home folder for null. Links count as what they lead to. */
export async function listFolder(dir: string | null): Promise<FolderListing> {
  const folder = resolveUserPath(dir ?? '~', homedir())
  const names = await namesOf(folder)
  const parent = path.dirname(folder)
  const listed = names.slice(0, mostEntries)
  const entries: FileEntry[] = []
  for (let from = 0; from < listed.length; from += lookupsAtOnce) {
    const batch = listed.slice(from, from + lookupsAtOnce)
    entries.push(...(await Promise.all(batch.map((name) => entryOf(folder, name)))))
  }
  entries.sort(
    (a, b) =>
      Number(b.kind === 'folder') - Number(a.kind === 'folder') || order.compare(a.name, b.name),
  )
  return {
    dir: folder,
    parent: parent === folder ? null : parent,
    entries,
    more: names.length - listed.length,
  }
}

/** One path, and what it is likely meant as. Fails with `input-missing`, saying what is near. */
export async function fileFacts(written: string): Promise<FileFacts> {
  const absolute = resolveUserPath(written, homedir())
  const kind = await requireInput(absolute, 'The path')
  const found = await stat(absolute)
  return {
    path: absolute,
    name: path.basename(absolute) || absolute,
    folder: path.dirname(absolute),
    kind,
    bytes: kind === 'file' ? found.size : null,
    modifiedAt: Math.floor(found.mtimeMs),
    ...(await inputRole(absolute, kind)),
  }
}

async function namesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort(order.compare)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const why =
      code === 'ENOENT'
        ? 'does not exist: go to a folder above it'
        : code === 'ENOTDIR'
          ? 'is a file, not a folder'
          : code === 'EACCES' || code === 'EPERM'
            ? 'may not be opened by you: choose another folder'
            : `cannot be opened (${code}): choose another folder`
    throw new SubletError('input-missing', `The folder ${folder} ${why}.`, {
      nativeCode: code,
      cause: error,
    })
  }
}

async function entryOf(folder: string, name: string): Promise<FileEntry> {
  const at = path.join(folder, name)
  const hidden = name.startsWith('.')
  try {
    const found = await stat(at)
    const kind = kindOf(found)
    const bytes = kind === 'folder' ? null : found.size
    return { name, path: at, kind, bytes, modifiedAt: Math.floor(found.mtimeMs), hidden }
  } catch {
    // A link that leads nowhere is shown, and cannot be chosen.
    return { name, path: at, kind: 'other', bytes: null, modifiedAt: 0, hidden }
  }
}

function kindOf(found: Stats): FileEntry['kind'] {
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'other'
}
