import type { FrozenManifest, FrozenFile } from './frozen.ts'
import type { PathBytes } from './path-bytes.ts'
import type { RemoteListing } from './remote-list.ts'
import type { RemoteEntry } from './remote-stat.ts'

/** Environments and caches: made by tools, large, and of no use at home. */
export const CACHE_FOLDERS: readonly string[] = [
  '.venv',
  'venv',
  '__pycache__',
  'node_modules',
  '.cache',
  '.ipynb_checkpoints',
  '.conda',
  'conda-meta',
  '.git',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.tox',
  '.nox',
  '.npm',
  '.triton',
  '.nv',
  '.sublet',
  'renv',
  '.Rproj.user',
]

function isCacheFile(path: PathBytes): boolean {
  return /(?:\.py[co]|\.sublet-partial|~|\.swp)$/.test(path)
}

/** A folder that a tool declares to be an environment (`pyvenv.cfg`, `conda-meta`) counts as one, whatever its name. */
function environments(listing: RemoteListing): string[] {
  const found: string[] = []
  for (const path of listing.entries.keys()) {
    const marker = /^(.+)\/(?:pyvenv\.cfg|conda-meta|CACHEDIR\.TAG)$/.exec(path)
    if (marker?.[1] !== undefined) found.push(`${marker[1]}/`)
  }
  return found
}

export interface Changes {
  /** Made by the job, or certainly different from the input. */
  readonly changed: readonly RemoteEntry[]
  /** Touched since the inputs were complete (times are whole seconds); only the hash tells whether the content differs. */
  readonly touched: readonly { readonly entry: RemoteEntry; readonly input: FrozenFile }[]
}

/**
 * What the job made or changed in its work folder. `inputs` is what was sent there (null: the
 * folder began empty) and `completeAtS` the machine's clock when it was complete.
 */
export function findChanges(
  listing: RemoteListing,
  inputs: FrozenManifest | null,
  completeAtS: number,
): Changes {
  const known = new Map((inputs?.entries ?? []).map((entry) => [entry.path, entry]))
  const caches = environments(listing)
  const changed: RemoteEntry[] = []
  const touched: { entry: RemoteEntry; input: FrozenFile }[] = []
  for (const entry of listing.entries.values()) {
    if (isCacheFile(entry.path)) continue
    if (caches.some((folder) => entry.path.startsWith(folder) || `${entry.path}/` === folder))
      continue
    if (CACHE_FOLDERS.some((name) => `/${entry.path}/`.includes(`/${name}/`))) continue
    const input = known.get(entry.path)
    if (input === undefined || input.kind !== entry.kind) changed.push(entry)
    else if (input.kind === 'symlink') {
      if (input.target !== entry.target) changed.push(entry)
    } else if (input.kind === 'file') {
      if (input.size !== entry.size) changed.push(entry)
      else if (
        Math.floor(Math.max(0, input.mtimeMs) / 1000) !== entry.mtimeS ||
        entry.ctimeS >= completeAtS
      )
        touched.push({ entry, input })
    }
  }
  return { changed, touched }
}
