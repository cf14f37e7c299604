import path from 'node:path'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { SubletError } from '../../domain/errors.ts'
import { detectInFolder } from './detect-folder.ts'
import { readEntry } from './entry-kind.ts'
import { namesIn, refuseRoot, requireInput, resolveUserPath, textOf } from './file-facts.ts'
import { mentions } from './source-hints.ts'
import type { Work } from './understood.ts'
import { type WorkFolder, workFolderOf } from './work-folder.ts'

/** Reads `script`, `command` and `args`: what is started, and which folder goes along. */
export async function understandWork(file: JobFile, baseDir: string): Promise<Work> {
  if (file.script === undefined) return commandOnly(file, baseDir)
  const script = resolveUserPath(file.script, baseDir)
  const kind = await requireInput(script, 'The script')
  const work =
    kind === 'folder' ? await folderWork(script, file) : await fileWork(script, file, baseDir)
  if (file.command === undefined) return work
  if (file.args !== undefined && file.args.length > 0) {
    throw new SubletError('invalid', 'args go with a script: put them into the command itself.')
  }
  return withCommand(work, file.command)
}

function commandOnly(file: JobFile, baseDir: string): Work {
  if (file.command === undefined) {
    throw new SubletError(
      'invalid',
      `Nothing to run in ${baseDir}: name a script with --script PATH, or say --command STR.`,
    )
  }
  return {
    entry: { kind: 'command', command: file.command },
    code: null,
    understood: [`Runs "${file.command}" in an empty work folder; no code is uploaded.`],
    warnings: [],
    sources: [file.command],
  }
}

async function folderWork(folder: string, file: JobFile): Promise<Work> {
  refuseRoot(folder, 'The work folder')
  const code = { path: folder, single: false }
  const carried = `The folder ${folder} becomes the work folder.`
  if (file.command !== undefined) {
    const sources = await sourcesMentioned(folder, file.command)
    const entry = { kind: 'command', command: file.command } as const
    return { entry, code, understood: [carried], warnings: [], sources }
  }
  const found = await detectInFolder(folder)
  if (found.kind === 'command') {
    const command = found.entry.kind === 'command' ? found.entry.command : ''
    return {
      entry: found.entry,
      code,
      understood: [`Runs ${command}, because ${found.because}.`, carried],
      warnings: [],
      sources: await sourcesIn(folder),
    }
  }
  const absolute = path.join(folder, found.name)
  const reading = await readEntry(absolute, found.name, file.args ?? [], file.arch ?? 'x86_64')
  return {
    entry: reading.entry,
    code,
    understood: [`Runs ${found.name} (${reading.described}), because ${found.because}.`, carried],
    warnings: reading.warnings,
    sources: await sourcesIn(folder),
  }
}

async function fileWork(script: string, file: JobFile, baseDir: string): Promise<Work> {
  const folder = await chosenFolder(script, file, baseDir)
  const root = folder.kind === 'folder' ? folder.path : path.dirname(script)
  const relative = path.relative(root, script).split(path.sep).join('/')
  const reading =
    file.command === undefined
      ? await readEntry(script, relative, file.args ?? [], file.arch ?? 'x86_64')
      : null
  const sources = [(await textOf(script)) ?? '']
  if (folder.kind === 'folder') sources.push(...(await sourcesIn(root)))
  return {
    entry: reading?.entry ?? { kind: 'command', command: file.command ?? '' },
    code: folder.kind === 'folder' ? { path: root, single: false } : { path: script, single: true },
    understood: [
      ...(reading ? [`Runs ${relative} (${reading.described}).`] : []),
      folder.kind === 'folder'
        ? `The folder ${root} goes along, ${folder.because}.`
        : `${path.basename(script)} travels alone; nothing else in its folder is used.`,
    ],
    warnings: [
      ...(reading?.warnings ?? []),
      ...(folder.kind === 'single' && folder.warning !== null ? [folder.warning] : []),
    ],
    sources,
  }
}

function withCommand(work: Work, command: string): Work {
  return {
    ...work,
    entry: { kind: 'command', command },
    understood: [`Runs "${command}" in the work folder.`, ...work.understood],
    sources: [command, ...work.sources],
  }
}

/** The work folder that the user named, else the one that the script shows. */
async function chosenFolder(script: string, file: JobFile, baseDir: string): Promise<WorkFolder> {
  if (file.code === undefined) return workFolderOf(script, baseDir)
  const folder = resolveUserPath(file.code, baseDir)
  if (folder === script) return { kind: 'single', warning: null }
  const relative = path.relative(folder, script)
  if (relative.startsWith('..') || path.isAbsolute(relative)) {
    throw new SubletError(
      'invalid',
      `The script ${script} is not in the code folder ${folder}: choose a folder that holds it.`,
    )
  }
  refuseRoot(folder, 'The code folder')
  const kind = await requireInput(folder, 'The code folder')
  if (kind === 'folder') return { kind: 'folder', path: folder, because: 'as the job says' }
  throw new SubletError(
    'invalid',
    `The code folder ${folder} is a file: choose the folder it is in.`,
  )
}

/** Sources that may import a GPU library: the scripts at the top of the folder, and what it requires. */
async function sourcesIn(folder: string): Promise<readonly string[]> {
  const names = (await namesIn(folder)).filter((name) => /\.(py|sh|r|ipynb)$/i.test(name))
  return texts(folder, names.slice(0, 50))
}

async function sourcesMentioned(folder: string, command: string): Promise<readonly string[]> {
  const names = (await namesIn(folder)).filter((name) => mentions(command, name))
  return [command, ...(await texts(folder, names)), ...(await sourcesIn(folder))]
}

async function texts(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const name of names) {
    const text = await textOf(path.join(folder, name))
    if (text !== null) found.push(text)
  }
  return found
}
