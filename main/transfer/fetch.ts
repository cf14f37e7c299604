import type { Machine } from '../machine/machine.ts'
import { fetchBig } from './fetch-big.ts'
import { fetchSmall, type FetchContext } from './fetch-small.ts'
import { forEachLimited } from './files.ts'
import { splitForLanes, type Lanes } from './lanes.ts'
import { pathAsText } from './path-bytes.ts'
import { SMALL_BELOW_BYTES } from './plan.ts'
import { byRoot, hashItems, statItems } from './receive-items.ts'
import type { Fetched, RemoteItem } from './receive-types.ts'
import { REQUESTS_IN_FLIGHT } from './window.ts'

const MEDIUM_BELOW_BYTES = 16 * 1024 * 1024
const MEDIUM_AT_ONCE = 8
/** Slower links than this are worth packing for; a faster one outruns gzip. */
const GZIP_FROM_ROUND_TRIP_MS = 10

/**
 * Fetches the contents of all items into `fetched`, each as soon as it is whole, so that what came
 * before a cut is known. Those that vanished or changed size are not in it.
 */
export async function fetchAll(
  lanes: Lanes,
  items: readonly RemoteItem[],
  context: FetchContext,
  options: { readonly hasGzip: boolean; readonly verify: boolean },
  fetched: Fetched[],
): Promise<void> {
  // ssh2 cannot say names that are not UTF-8, so those come by tar whatever their size.
  const inTar = ({ entry }: RemoteItem): boolean =>
    entry.size < SMALL_BELOW_BYTES || pathAsText(entry.path) === null
  const gzip = options.hasGzip && lanes.roundTripMs >= GZIP_FROM_ROUND_TRIP_MS
  for (const [root, group] of byRoot(items.filter(inTar))) {
    const parts = splitForLanes(group, ({ entry }) => entry.size, lanes.machines.length)
    const streams = parts.map(
      async (part, index) =>
        await fetchSmall(await lanes.lane(index), root, part, gzip, context, fetched),
    )
    const results = await Promise.allSettled(streams)
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
  const bigs = items.filter((item) => !inTar(item))
  const medium = bigs.filter(({ entry }) => entry.size < MEDIUM_BELOW_BYTES)
  await forEachLimited(medium.entries(), MEDIUM_AT_ONCE, async ([index, item]) => {
    const depth = (REQUESTS_IN_FLIGHT * lanes.machines.length) / MEDIUM_AT_ONCE
    const found = await fetchBig([lanes.lane(index)], item, depth, context)
    if (found !== null) fetched.push(found)
  })
  for (const item of bigs.filter(({ entry }) => entry.size >= MEDIUM_BELOW_BYTES)) {
    // The machine hashes what travels, at the same time.
    const hashing = options.verify ? hashItems(await lanes.lane(0), [item], context.signal) : null
    hashing?.catch(() => undefined) // Awaited below; until then it must not count as unhandled.
    const found = await fetchBig(lanes.machines, item, REQUESTS_IN_FLIGHT, context)
    const remoteSha256 = (await hashing)?.get(item.path)
    if (found !== null)
      fetched.push({ ...found, ...(remoteSha256 === undefined ? {} : { remoteSha256 }) })
  }
}

/**
 * Separates what is as it was when listed from what moved during the copy: by stamp always, and
 * by the machine's hash where the pass verifies.
 */
export async function sortOut(
  machine: Machine,
  fetched: readonly Fetched[],
  verify: boolean,
  signal?: AbortSignal,
): Promise<{ readonly good: Fetched[]; readonly moved: Fetched[] }> {
  const items = fetched.map(({ item }) => item)
  const unhashed = fetched.filter((one) => one.remoteSha256 === undefined).map(({ item }) => item)
  const [hashes, now] = await Promise.all([
    verify ? hashItems(machine, unhashed, signal) : null,
    statItems(machine, items, signal),
  ])
  const good: Fetched[] = []
  const moved: Fetched[] = []
  for (const one of fetched) {
    const { entry, path } = one.item
    const again = now.get(path)
    const same =
      again?.size === entry.size &&
      again.mtimeS === entry.mtimeS &&
      (one.item.pinned === true || again.ctimeS === entry.ctimeS)
    const sameHash = hashes === null || (one.remoteSha256 ?? hashes.get(path)) === one.sha256
    ;(same && sameHash ? good : moved).push(one)
  }
  return { good, moved }
}
