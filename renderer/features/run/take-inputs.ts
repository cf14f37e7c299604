import type { FileFacts } from '../../../preload/contract/services/files.ts'
import type { Draft } from './draft.ts'

/**
 * Adds what was dropped or picked to a draft. The first script, else the first folder with code,
 * becomes what is run, in place of the earlier one; everything else is data. `homeDir` is where
 * results go for copies that were dropped in a browser; null where paths are the user's own.
 */
export function takeInputs(
  draft: Draft,
  found: readonly FileFacts[],
  homeDir: string | null,
): Draft {
  const work =
    found.find((one) => one.role === 'script') ?? found.find((one) => one.role === 'code')
  const isSeveral = found.length > 1 || draft.data.length > 0
  const data = found.filter((one) => one !== work)
  const known = new Set(draft.data.map((one) => one.path))
  const next: Draft = {
    ...draft,
    data: [
      ...draft.data,
      ...data.filter((one) => !known.has(one.path)).map(({ path }) => ({ path, name: '' })),
    ],
  }
  if (work === undefined) return next.baseDir === '' ? withBase(next, found[0], homeDir) : next
  const replaced: Draft = {
    ...next,
    script: work.path,
    code: '',
    command: '',
    args: '',
    baseDir: homeDir ?? (work.kind === 'folder' ? work.path : work.folder),
  }
  // Until now the folder was only a guess at what else the script reads.
  return isSeveral ? replaced : { ...replaced, name: draft.script === '' ? draft.name : '' }
}

function withBase(draft: Draft, first: FileFacts | undefined, homeDir: string | null): Draft {
  return first === undefined ? draft : { ...draft, baseDir: homeDir ?? first.folder }
}
