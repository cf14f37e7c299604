import { createHash } from 'node:crypto'
import { chmod, rm, rmdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Machine } from '../machine/machine.ts'
import { fetchAll, sortOut } from './fetch.ts'
import { fetchGrowing } from './fetch-growing.ts'
import type { FetchContext } from './fetch-small.ts'
import { keepAside, takeAside } from './kept-aside.ts'
import { Lanes, lanesFor } from './lanes.ts'
import { mapLocalNames, nameRulesOf } from './local-names.ts'
import type { TransferWarning } from './manifest.ts'
import { localPath, ROOT, shortPath, type PathBytes } from './path-bytes.ts'
import { Placer } from './place.ts'
import { ProgressMeter } from './progress.ts'
import { restat } from './receive-items.ts'
import { acceptable, planReceive } from './receive-plan.ts'
import type {
  Fetched,
  ReceivedFile,
  ReceiveOptions,
  ReceiveReport,
  RemoteItem,
} from './receive-types.ts'
import { checkRoom, inWords, openFolder, type OutputFolder } from './receive-folder.ts'
import type { RemoteListing } from './remote-list.ts'

/** What the listing learned about the way to the machine. */
export type LinkFacts = Pick<RemoteListing, 'hasGzip' | 'roundTripMs'>

const ROUNDS_WHEN_VERIFYING = 3
const mostWarnings = 200

function sizeOf(items: readonly RemoteItem[]): number {
  return items.reduce((sum, { entry }) => sum + entry.size, 0)
}

function tempName({ path }: RemoteItem): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 40)
}

/**
 * Brings the items home into `localDir`: only what differs travels, nothing is written outside,
 * nothing that is not ours is replaced, and nothing here is ever deleted. Call again after any
 * failure to go on. Errors: `unreachable`, `disk-full`, `permission`.
 */
export async function receiveItems(
  machine: Machine,
  items: readonly RemoteItem[],
  localDir: string,
  link: LinkFacts,
  options: ReceiveOptions,
): Promise<ReceiveReport> {
  const startMs = performance.now()
  let folder = localDir
  try {
    const opened = await openFolder(localDir)
    folder = opened.folder
    return await receiveInto(machine, items, opened, link, options, startMs)
  } catch (error) {
    throw inWords(error, machine, folder)
  } finally {
    await options.state.save()
  }
}

async function receiveInto(
  machine: Machine,
  items: readonly RemoteItem[],
  { folder, partials }: OutputFolder,
  link: LinkFacts,
  options: ReceiveOptions,
  startMs: number,
): Promise<ReceiveReport> {
  const warnings: TransferWarning[] = []
  const placer = new Placer(folder, options.state)
  await placer.settle()
  const accepted = acceptable(items, folder, warnings)
  const names = mapLocalNames(
    options.among ?? accepted.map(({ path }) => path),
    nameRulesOf(process.platform),
  )
  const nameOf = (item: RemoteItem): PathBytes => names.get(item.path) ?? item.path
  const dirs = accepted.filter(({ entry }) => entry.kind === 'dir')
  const wanted = accepted.filter(({ entry }) => entry.kind === 'file')
  const plan = await planReceive(machine, wanted, names, folder, placer, options)
  const files: ReceivedFile[] = plan.kept.map(({ item, local, sha256 }) => ({
    path: item.path,
    local,
    size: item.entry.size,
    sha256,
  }))
  const meter = new ProgressMeter(sizeOf(plan.travel), plan.travel.length, options.onProgress)
  const context = {
    meter,
    tempFor: (item: RemoteItem) => join(partials, tempName(item)),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
  for (const dir of dirs) await placer.folder(nameOf(dir))
  await checkRoom(folder, sizeOf(plan.travel))
  const count = options.parallel ?? lanesFor(link.roundTripMs, sizeOf(plan.travel))
  const lanes = new Lanes(machine, count, link.roundTripMs, options.signal)
  let received = 0
  let open = plan.travel
  try {
    for (let round = 1; open.length > 0; round += 1) {
      const { good, moved } = await fetchRound(lanes, open, partials, context, link, options)
      received += [...good, ...moved].reduce(
        (sum, { item, resumedBytes }) => sum + item.entry.size - resumedBytes,
        0,
      )
      const whole = options.wholeOnly !== true || good.length === open.length
      const placed = whole ? good : []
      const locals = await placer.files(placed, nameOf)
      for (const { item, sha256 } of placed)
        files.push({ ...named(item, locals.get(item)), size: item.entry.size, sha256 })
      for (const one of whole ? moved : [...good, ...moved]) await placer.discard(one.temp)
      open = open.filter((item) => !locals.has(item))
      if (!options.verify || round === ROUNDS_WHEN_VERIFYING) break
      open = await restat(machine, open, options.signal)
    }
  } finally {
    lanes.close()
  }
  for (const { entry, path, source } of accepted) {
    if (entry.kind === 'symlink')
      await placer.link(names.get(path) ?? path, entry.target ?? ('' as PathBytes), source)
  }
  if (options.verify) {
    await stampFolders(folder, placer, dirs, nameOf)
    for (const { path } of open)
      warnings.push({
        path,
        sentence: `${shortPath(path)} kept changing or could not be read and did not come home.`,
      })
  }
  if (options.verify && open.length === 0) await rm(partials, { recursive: true, force: true })
  else await rmdir(partials).catch(() => undefined) // It stays while something in it can be resumed.
  meter.finish()
  const all = files.map(({ path, local }) => ({ path, local }))
  return {
    files,
    filesReceived: files.length - plan.kept.length,
    bytesReceived: received,
    filesSkipped: plan.kept.length,
    bytesSkipped: sizeOf(plan.kept.map(({ item }) => item)),
    stillChanging: open.map(({ path }) => path),
    verified: options.verify && open.length === 0,
    renamed: all.filter(({ path, local }) => path !== local),
    warnings: firstOf([...warnings, ...placer.warnings]),
    durationMs: performance.now() - startMs,
  }
}

/** A machine can make any number of them; nobody reads more than these. */
function firstOf(warnings: readonly TransferWarning[]): TransferWarning[] {
  const first = warnings.slice(0, mostWarnings)
  const more = warnings.length - first.length
  if (more === 0) return first
  const sentence = `There are ${more.toLocaleString('en-US')} more things like these.`
  return [...first, { path: ROOT, sentence }]
}

async function fetchRound(
  lanes: Lanes,
  items: readonly RemoteItem[],
  partials: string,
  context: FetchContext,
  link: LinkFacts,
  { verify, growing, signal }: ReceiveOptions,
): Promise<{ readonly good: readonly Fetched[]; readonly moved: readonly Fetched[] }> {
  const machine = await lanes.lane(0)
  if (growing === true) return { good: await fetchGrowing(machine, items, context), moved: [] }
  const fetched = await takeAside(partials, items, context.tempFor)
  const known = new Set(fetched.map(({ item }) => item))
  context.meter.addBefore(sizeOf([...known]), known.size)
  const missing = items.filter((item) => !known.has(item))
  try {
    await fetchAll(lanes, missing, context, { hasGzip: link.hasGzip, verify }, fetched)
    return await sortOut(machine, fetched, verify, signal)
  } catch (error) {
    // The first failure is what the user must hear of; a lost list only costs time.
    await keepAside(partials, fetched).catch(() => undefined)
    throw error
  }
}

function named(
  item: RemoteItem,
  local: PathBytes = item.path,
): Pick<ReceivedFile, 'path' | 'local'> {
  return { path: item.path, local }
}

/** Folders get their permissions and times last, deepest first, as writing into them needs and changes both. */
export async function stampFolders(
  folder: string,
  placer: Placer,
  dirs: readonly RemoteItem[],
  nameOf: (item: RemoteItem) => PathBytes,
): Promise<void> {
  for (const dir of dirs.toSorted((a, b) => (a.path < b.path ? 1 : -1))) {
    const place = localPath(folder, await placer.folder(nameOf(dir)))
    await chmod(place, dir.entry.mode & 0o777)
    await utimes(place, dir.entry.mtimeS, dir.entry.mtimeS)
  }
}
