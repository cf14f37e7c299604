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
  return {
    ...next,
    script: work.path,
    code: '',
    command: '',
    args: '',
    name: '',
    baseDir: homeDir ?? (work.kind === 'folder' ? work.path : work.folder),
  }
}

function withBase(draft: Draft, first: FileFacts | undefined, homeDir: string | null): Draft {
  return first === undefined ? draft : { ...draft, baseDir: homeDir ?? first.folder }
}

/**
 * A dropped job file's draft with results at home: what a browser dropped lies in a folder that
 * does not stay. Paths become absolute, so that they no longer need that folder as their base;
 * local steps do, and keep it.
 */
export function withResultsAtHome(draft: Draft, homeDir: string): Draft {
  const at = (written: string): string => (written === '' ? '' : below(draft.baseDir, written))
  const needsBase = draft.before !== '' || draft.after !== ''
  return {
    ...draft,
    script: at(draft.script),
    code: at(draft.code),
    data: draft.data.map((item) => ({ ...item, path: at(item.path) })),
    output: draft.output === '' ? '' : below(homeDir, draft.output),
    baseDir: needsBase ? draft.baseDir : homeDir,
  }
}

function below(folder: string, written: string): string {
  return /^([/~\\]|[A-Za-z]:)/.test(written) ? written : `${folder}/${written}`
}
