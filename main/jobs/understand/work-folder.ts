import { homedir } from 'node:os'
import path from 'node:path'
import { namesIn, textOf } from './file-facts.ts'
import { importedModules, mentions } from './source-hints.ts'

/** Which folder travels with a script: its project, its own folder, or nothing but itself. */
export type WorkFolder =
  | { readonly kind: 'folder'; readonly path: string; readonly because: string }
  | { readonly kind: 'single'; readonly warning: string | null }

const markers = [
  'sublet.yaml',
  'sublet.yml',
  'pyproject.toml',
  'requirements.txt',
  'setup.py',
  'setup.cfg',
  'environment.yml',
  'renv.lock',
  'DESCRIPTION',
  'Makefile',
  '.subletignore',
] as const

/**
 * Decides what goes along with a single script: a project's root (from the script's folder up to
 * `baseDir`), the script's folder when it uses its neighbours, else the script alone. A home folder
 * or a file system's root never travels by itself.
 */
export async function workFolderOf(script: string, baseDir: string): Promise<WorkFolder> {
  const own = path.dirname(script)
  for (const folder of foldersUpTo(own, baseDir)) {
    if (isTooWide(folder)) continue
    const names = await namesIn(folder)
    const marker = markers.find((name) => names.includes(name))
    if (marker !== undefined) {
      return { kind: 'folder', path: folder, because: `because it has a ${marker}` }
    }
  }
  const used = await neighboursUsed(script)
  if (used.length === 0) return { kind: 'single', warning: null }
  const list = used.slice(0, 4).join(', ') + (used.length > 4 ? ', …' : '')
  if (isTooWide(own)) {
    return {
      kind: 'single',
      warning: `${path.basename(script)} uses ${list}, which stay behind because ${own} is too much to upload: put them into a folder of their own, or name them with --data.`,
    }
  }
  return {
    kind: 'folder',
    path: own,
    because: `because ${path.basename(script)} uses ${list} there`,
  }
}

async function neighboursUsed(script: string): Promise<readonly string[]> {
  const source = await textOf(script)
  if (source === null) return []
  const folder = path.dirname(script)
  const imported = script.endsWith('.py') ? importedModules(source) : []
  return (await namesIn(folder)).filter(
    (name) =>
      name !== path.basename(script) &&
      !name.startsWith('.') &&
      (imported.includes(name.replace(/\.py$/, '')) ||
        (/\.\w+$/.test(name) && name.length >= 5 && mentions(source, name))),
  )
}

function foldersUpTo(from: string, top: string): readonly string[] {
  const below = path.relative(top, from)
  const isBelow = below === '' || (!below.startsWith('..') && !path.isAbsolute(below))
  const folders = [from]
  if (!isBelow) return folders
  let folder = from
  while (folder !== top && path.dirname(folder) !== folder) {
    folder = path.dirname(folder)
    folders.push(folder)
  }
  return folders
}

function isTooWide(folder: string): boolean {
  return folder === homedir() || path.dirname(folder) === folder
}
