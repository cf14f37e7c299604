import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Entry } from '../../../preload/contract/job-spec.ts'
import { SubletError } from '../../domain/errors.ts'
import { binaryOf, isExecutable, namesIn, textOf } from './file-facts.ts'
import { hasMainGuard, importedModules, mentions } from './source-hints.ts'

/** The file to start, relative to the folder, or a command; and why this one. */
export type Detected =
  | { readonly kind: 'file'; readonly name: string; readonly because: string }
  | { readonly kind: 'command'; readonly entry: Entry; readonly because: string }

const preferred = /^(main|train|run)\.(py|sh|r|ipynb)$/i
const scripts = /\.(py|sh|r|ipynb)$/i
const neverEntries = /^(setup|conftest|test_.*|.*_test|__init__)\.py$/i

/**
 * Finds what a folder wants started. Fails with `invalid`, listing the candidates, when several
 * could be meant, and with `input-missing` when nothing could.
 */
export async function detectInFolder(folder: string): Promise<Detected> {
  const names = await namesIn(folder)
  const files = await onlyFiles(folder, names)
  const candidates = files.filter((name) => scripts.test(name) && !neverEntries.test(name))
  const sources = new Map<string, string>()
  for (const name of candidates) sources.set(name, (await textOf(path.join(folder, name))) ?? '')

  const named = notUsedByOthers(
    candidates.filter((name) => preferred.test(name)),
    sources,
  )
  if (named.length === 1 && named[0] !== undefined) {
    return { kind: 'file', name: named[0], because: `it is the folder's ${named[0]}` }
  }
  if (named.length > 1) throw ambiguous(folder, named)
  if (files.includes('__main__.py')) {
    return { kind: 'file', name: '__main__.py', because: 'the folder has a __main__.py' }
  }
  const byPackage = await detectPackage(folder, names)
  if (byPackage) return byPackage

  const rest = notUsedByOthers(candidates, sources)
  if (rest.length === 1 && rest[0] !== undefined) {
    return { kind: 'file', name: rest[0], because: 'it is the only script that nothing else uses' }
  }
  const guarded = rest.filter((name) => hasMainGuard(sources.get(name) ?? ''))
  if (guarded.length === 1 && guarded[0] !== undefined) {
    return { kind: 'file', name: guarded[0], because: 'only it has a __main__ part' }
  }
  if (rest.length > 1) throw ambiguous(folder, guarded.length > 1 ? guarded : rest)
  return detectOther(folder, files)
}

async function detectPackage(folder: string, names: readonly string[]): Promise<Detected | null> {
  const packages: string[] = []
  for (const name of names) {
    if (/^\w+$/.test(name) && (await isFile(path.join(folder, name, '__main__.py')))) {
      packages.push(name)
    }
  }
  if (packages.length > 1) throw ambiguous(folder, packages)
  return packages[0] === undefined
    ? null
    : {
        kind: 'command',
        entry: { kind: 'command', command: `python3 -m ${packages[0]}` },
        because: `the package ${packages[0]} has a __main__.py`,
      }
}

async function detectOther(folder: string, files: readonly string[]): Promise<Detected> {
  const makefile = files.find((name) => /^(GNU)?makefile$/i.test(name))
  if (makefile !== undefined) {
    const targets = (await textOf(path.join(folder, makefile))) ?? ''
    const target = /^(run|train)\s*:/m.exec(targets)?.[1]
    if (target !== undefined) {
      return {
        kind: 'command',
        entry: { kind: 'command', command: `make ${target}` },
        because: `the ${makefile} has a target ${target}`,
      }
    }
  }
  const programs: string[] = []
  for (const name of files) {
    const file = path.join(folder, name)
    const kind = (await isExecutable(file)) ? (await binaryOf(file)).kind : 'none'
    if (kind === 'elf' || kind === 'script') programs.push(name)
  }
  if (programs.length > 1) throw ambiguous(folder, programs)
  if (programs[0] !== undefined) {
    return { kind: 'file', name: programs[0], because: 'it is the only executable' }
  }
  throw new SubletError(
    'input-missing',
    files.some((name) => /^(Docker|Container)file$/.test(name))
      ? `${folder} has a Dockerfile and no script: build and push its image, then use --image REF --command STR.`
      : `Nothing to start in ${folder}: name the script with --script, or say --command STR.`,
  )
}

function notUsedByOthers(
  names: readonly string[],
  sources: ReadonlyMap<string, string>,
): readonly string[] {
  const unused = names.filter(
    (name) =>
      !names.some((other) => {
        const source = sources.get(other) ?? ''
        const moduleName = name.replace(/\.py$/i, '')
        return (
          other !== name &&
          (mentions(source, name) ||
            (other.endsWith('.py') && importedModules(source).includes(moduleName)))
        )
      }),
  )
  // Scripts that all use each other say nothing about which comes first.
  return unused.length === 0 ? names : unused
}

function ambiguous(folder: string, candidates: readonly string[]): SubletError {
  const list = candidates.join(', ')
  return new SubletError(
    'invalid',
    `Several things could be started in ${folder} (${list}): name one with --script or --command.`,
    { details: { candidates: [...candidates] } },
  )
}

async function onlyFiles(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const kept: string[] = []
  for (const name of names) if (await isFile(path.join(folder, name))) kept.push(name)
  return kept
}

async function isFile(absolute: string): Promise<boolean> {
  try {
    return (await stat(absolute)).isFile()
  } catch {
    // A dangling link or an unreadable entry is nothing that could be started.
    return false
  }
}
