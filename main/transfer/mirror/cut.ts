import type { Machine } from '../../machine/machine.ts'
import { listOutputs, type CollectFrom, type ListedOutputs } from '../list-outputs.ts'
import type { PathBytes } from '../path-bytes.ts'
import type { RemoteItem } from '../receive-types.ts'
import type { Pins } from './pins.ts'
import { sortByRest, SET_SETTLING_S, SETTLING_S } from './rest.ts'
import { setOf } from './units.ts'

/** The results of a job as they stood at one moment, as far as they are whole. */
export interface Cut {
  /** Whole versions, to be fetched by the names that `Pins` gave them. */
  readonly whole: readonly RemoteItem[]
  /** Single files that were written to all the while. */
  readonly restless: readonly RemoteItem[]
}

export interface CutOptions {
  readonly signal: AbortSignal
  readonly hurried: boolean
  /** Physical milliseconds. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Clocks of machines count whole seconds. */
const wholeSecond = 1.2

/**
 * Holds on to what has changed (`isFresh`) and waits until it is known to be whole: nothing has
 * written to these very versions for a while, even where newer ones have taken their names. A
 * checkpoint never comes without what was written before it, as the files are taken of one moment.
 */
export async function takeCut(
  machine: Machine,
  from: CollectFrom,
  listed: ListedOutputs,
  isFresh: (item: RemoteItem) => boolean,
  pins: Pins,
  options: CutOptions,
): Promise<Cut> {
  const { signal, hurried } = options
  const { resting, restless, hasRestlessSet } = sortByRest(listed.items, listed.listing.nowS)
  const pinned = await pins.pin([...resting, ...restless].filter(isFresh), signal)
  const at = new Map(pinned.map((item) => [item.path, item]))
  const still = new Set(resting.map(({ path }) => path))
  if (!restless.some(isFresh)) {
    const same = resting.filter((item) => isFresh(item) && sameVersion(item, at.get(item.path)))
    return { whole: same.map((item) => at.get(item.path) ?? item), restless: [] }
  }
  if (!hurried) {
    // What appeared before the last name was given may be what a pinned checkpoint speaks of.
    const again = await listOutputs(machine, from, signal)
    const appeared = again.items.filter(
      (item) => item.entry.kind === 'file' && isFresh(item) && !at.has(item.path),
    )
    for (const item of await pins.pin(appeared, signal)) at.set(item.path, item)
  }
  const settlingS = hasRestlessSet && !hurried ? SET_SETTLING_S : SETTLING_S
  await options.pause((settlingS + wholeSecond) * 1_000, signal)
  const { nowS, items } = await pins.look([...at.values()], signal)
  const hasSet = [...at.keys()].some((path) => !isSingle(path))
  const last = hasSet ? (await listOutputs(machine, from, signal)).items : []
  const quiet = new Map(
    items
      .filter((item) => item.entry.mtimeS < nowS - SETTLING_S)
      .filter((item) => sameVersion(item, at.get(item.path)))
      .map((item) => [item.path, item]),
  )
  // Without a second name only rest from the beginning on will do.
  for (const item of at.values())
    if (item.pinned !== true && still.has(item.path)) quiet.set(item.path, item)
  const broken = brokenSets(last, isFresh, quiet)
  const whole = [...quiet.values()].filter(({ path }) => !broken.has(setOf(path)))
  return {
    whole,
    restless: restless.filter(({ path }) => isSingle(path) && !quiet.has(path)),
  }
}

/** Sets that hold anything new that is not held on to, or that moved meanwhile. */
function brokenSets(
  items: readonly RemoteItem[],
  isFresh: (item: RemoteItem) => boolean,
  quiet: ReadonlyMap<PathBytes, RemoteItem>,
): Set<PathBytes | null> {
  const broken = new Set<PathBytes | null>()
  for (const item of items) {
    const set = setOf(item.path)
    if (set === null || item.entry.kind !== 'file' || !isFresh(item)) continue
    if (!sameVersion(item, quiet.get(item.path))) broken.add(set)
  }
  return broken
}

function isSingle(path: PathBytes): boolean {
  return setOf(path) === null
}

function sameVersion(one: RemoteItem, other: RemoteItem | undefined): boolean {
  return one.entry.size === other?.entry.size && one.entry.mtimeS === other.entry.mtimeS
}
