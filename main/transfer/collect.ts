import type { Machine } from '../machine/machine.ts'
import { globMatcher } from './globs.ts'
import { absent, listOutputs, type CollectFrom } from './list-outputs.ts'
import type { TransferWarning } from './manifest.ts'
import type { PathBytes } from './path-bytes.ts'
import { receiveItems } from './receive.ts'
import type { ReceiveOptions, ReceiveReport } from './receive-types.ts'
import { listRemote } from './remote-list.ts'

/**
 * Brings the job's results home: its output folder at the root of `localDir`, and from its work
 * folder what the globs name and what it made or changed.
 */
export async function collect(
  machine: Machine,
  from: CollectFrom,
  localDir: string,
  options: ReceiveOptions,
): Promise<ReceiveReport> {
  const { items, listing, merged, unlisted } = await listOutputs(machine, from, options.signal)
  const report = await receiveItems(machine, items, localDir, listing, options)
  return withListing({ ...report, warnings: [...merged, ...report.warnings] }, unlisted)
}

/** What could not even be listed may be missing at home, so the pass then counts as unverified. */
function withListing(report: ReceiveReport, listed: readonly TransferWarning[]): ReceiveReport {
  const verified = report.verified && listed.length === 0
  return { ...report, verified, warnings: [...listed, ...report.warnings] }
}

export interface ReceiveTreeOptions extends ReceiveOptions {
  /** Only these paths, or what these globs match; everything by default. */
  readonly select?:
    | { readonly globs: readonly string[] }
    | { readonly paths: ReadonlySet<PathBytes> }
}

/** Brings one remote folder home; see `receiveItems` for what is guaranteed. */
export async function receiveTree(
  machine: Machine,
  dir: string,
  localDir: string,
  options: ReceiveTreeOptions,
): Promise<ReceiveReport> {
  const listing = await listRemote(
    machine,
    dir,
    options.signal === undefined ? {} : { signal: options.signal },
  )
  const { select } = options
  const matches =
    select === undefined
      ? null
      : 'globs' in select
        ? globMatcher(select.globs)
        : (path: PathBytes) => select.paths.has(path)
  const chosen = [...listing.entries.values()].filter(
    (entry) => matches === null || matches(entry.path),
  )
  const items = chosen.map((entry) => ({ root: dir, entry, path: entry.path }))
  const report = await receiveItems(machine, items, localDir, listing, options)
  return withListing(report, [...listing.warnings, ...absent(listing, dir)])
}
