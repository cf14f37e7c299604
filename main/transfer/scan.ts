import type { Stats } from 'node:fs'
import { access, constants, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { SubletError } from '../domain/errors.ts'
import { forEachLimited, systemCode } from './files.ts'
import {
  isEnvFile,
  scopesIn,
  whyExcluded,
  type IgnoreStyle,
  type RuleScope,
} from './ignore-rules.ts'
import type { Entry, Excluded, Manifest, TransferWarning } from './manifest.ts'
import {
  joinPath,
  localPath,
  nameOf,
  pathFromBuffer,
  pathFromText,
  ROOT,
  showPath,
} from './path-bytes.ts'
import type { PathBytes } from './path-bytes.ts'
import { linkStaysInside } from './safe-link.ts'

export interface ScanOptions {
  readonly ignore: IgnoreStyle
  readonly signal?: AbortSignal
  /** Called now and then with what has been found so far. */
  readonly onProgress?: (found: { readonly files: number; readonly bytes: number }) => void
}

export interface ScanResult {
  readonly manifest: Manifest
  readonly excluded: readonly Excluded[]
  readonly warnings: readonly TransferWarning[]
}

const LOOKUPS_AT_ONCE = 16

class Scanner {
  readonly entries: Entry[] = []
  readonly excluded: Excluded[] = []
  readonly warnings: TransferWarning[] = []
  #files = 0
  #bytes = 0
  readonly #root: string
  readonly #options: ScanOptions

  constructor(root: string, options: ScanOptions) {
    this.#root = root
    this.#options = options
  }

  async folder(folder: PathBytes, parentScopes: readonly RuleScope[]): Promise<void> {
    this.#options.signal?.throwIfAborted()
    let names: Buffer[]
    try {
      names = await readdir(localPath(this.#root, folder), { encoding: 'buffer' })
    } catch (error) {
      this.#warn(folder, `could not be opened (${systemCode(error)}) and was left out`)
      return
    }
    const scopes = await scopesIn(this.#root, folder, this.#options.ignore, parentScopes)
    const paths = names.map((name) => joinPath(folder, pathFromBuffer(name))).sort()
    const found = new Map<PathBytes, Stats>()
    await forEachLimited(paths, LOOKUPS_AT_ONCE, async (path) => {
      try {
        found.set(path, await lstat(localPath(this.#root, path)))
      } catch (error) {
        this.#warn(path, `could not be looked at (${systemCode(error)}) and was left out`)
      }
    })
    for (const path of paths) {
      const stats = found.get(path)
      if (stats !== undefined) await this.entry(path, stats, scopes)
    }
    this.#options.onProgress?.({ files: this.#files, bytes: this.#bytes })
  }

  async entry(path: PathBytes, stats: Stats, scopes: readonly RuleScope[]): Promise<void> {
    const name = Buffer.from(nameOf(path), 'latin1').toString('utf8')
    const why = whyExcluded(path, name, stats.isDirectory(), this.#options.ignore, scopes)
    if (why !== null) {
      this.excluded.push({ path, bytes: await this.#weigh(path, stats), why })
      return
    }
    const base = { path, mode: stats.mode & 0o7777, mtimeMs: Math.floor(stats.mtimeMs) }
    if (stats.isDirectory()) {
      this.entries.push({ ...base, kind: 'dir' })
      await this.folder(path, scopes)
    } else if (stats.isSymbolicLink()) {
      const target = await this.#targetOf(path)
      if (target === null) return
      if (linkStaysInside(path, target)) this.entries.push({ ...base, kind: 'symlink', target })
      else
        this.#warn(
          path,
          `is a link that leads out of the folder (to ${showPath(target)}) and was left out; name its target as data if the job needs it`,
        )
    } else if (stats.isFile()) {
      await this.file(path, stats)
    } else {
      this.#warn(path, `is ${kindInWords(stats)}, which cannot be sent, and was left out`)
    }
  }

  async file(path: PathBytes, stats: Stats): Promise<void> {
    try {
      await access(localPath(this.#root, path), constants.R_OK)
    } catch (error) {
      this.#warn(path, `cannot be read (${systemCode(error)}) and was left out`)
      return
    }
    this.#files += 1
    this.#bytes += stats.size
    const base = { path, mode: stats.mode & 0o7777, mtimeMs: Math.floor(stats.mtimeMs) }
    this.entries.push({ ...base, kind: 'file', size: stats.size })
  }

  #warn(path: PathBytes, what: string): void {
    this.warnings.push({ path, sentence: `${showPath(path) || this.#root} ${what}.` })
  }

  /** Null, and told, for a link that may not be read. */
  async #targetOf(path: PathBytes): Promise<PathBytes | null> {
    try {
      return pathFromBuffer(await readlink(localPath(this.#root, path), { encoding: 'buffer' }))
    } catch (error) {
      this.#warn(path, `is a link that cannot be read (${systemCode(error)}) and was left out`)
      return null
    }
  }

  async #weigh(path: PathBytes, stats: Stats): Promise<number> {
    if (!stats.isDirectory()) return stats.isFile() ? stats.size : 0
    this.#options.signal?.throwIfAborted()
    let bytes = 0
    try {
      for (const name of await readdir(localPath(this.#root, path), { encoding: 'buffer' })) {
        const inner = joinPath(path, pathFromBuffer(name))
        bytes += await this.#weigh(inner, await lstat(localPath(this.#root, inner)))
      }
    } catch (error) {
      // The size of something that stays is only information: count what could be seen.
      if (systemCode(error) === '') throw error
    }
    return bytes
  }
}

function kindInWords(stats: Stats): string {
  if (stats.isSocket()) return 'a socket'
  if (stats.isFIFO()) return 'a named pipe'
  return 'a device'
}

/**
 * Finds what would travel from a folder, or from one named file, without reading contents (so it
 * is quick enough for a preview). A root that is itself a link is resolved. Rejects with
 * `input-missing` when there is no such path.
 */
export async function scanTree(path: string, options: ScanOptions): Promise<ScanResult> {
  let resolved: string
  let stats: Stats
  try {
    resolved = await realpath(path)
    stats = await stat(resolved)
  } catch (error) {
    const nativeCode = systemCode(error)
    if (nativeCode === '') throw error
    throw new SubletError(
      'input-missing',
      `${path} does not exist or cannot be opened; check the path and submit again.`,
      { nativeCode, cause: error },
    )
  }
  const isFolder = stats.isDirectory()
  const root = isFolder ? resolved : dirname(resolved)
  const scanner = new Scanner(root, options)
  if (isFolder) {
    await scanner.folder(ROOT, [])
  } else if (isEnvFile(basename(path)) || isEnvFile(basename(resolved))) {
    const named = pathFromText(basename(resolved))
    scanner.excluded.push({
      path: named,
      bytes: stats.size,
      why: 'may hold credentials and never goes',
    })
    scanner.warnings.push({
      path: named,
      sentence: `${path} never leaves this computer, because it may hold credentials; store what the job needs with "sublet secrets set".`,
    })
  } else {
    await scanner.entry(pathFromText(basename(resolved)), stats, [])
  }
  const { entries, excluded, warnings } = scanner
  return { manifest: { root, entries }, excluded, warnings }
}
