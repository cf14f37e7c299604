import type { PathBytes } from '../path-bytes.ts'
import type { RemoteItem } from '../receive-types.ts'
import { setOf } from './units.ts'

/** A file that was written to within this time may still be written to. */
export const SETTLING_S = 2
/** Between two files of one checkpoint a job may compute for a while. */
export const SET_SETTLING_S = 5

export interface ByRest {
  /** Files that nothing has written to for a while; of sets, only those that rest as a whole. */
  readonly resting: readonly RemoteItem[]
  readonly restless: readonly RemoteItem[]
  readonly hasRestlessSet: boolean
}

/** Sorts the files of a listing by whether they are at rest at `nowS`, the machine's clock then. */
export function sortByRest(items: readonly RemoteItem[], nowS: number): ByRest {
  const restlessSets = new Set<PathBytes>()
  for (const { path, entry } of items) {
    // A folder's own time tells of names that came and went in it.
    const set = setOf(entry.kind === 'dir' ? (`${path}/` as PathBytes) : path)
    if (set !== null && entry.mtimeS >= nowS - SET_SETTLING_S) restlessSets.add(set)
  }
  const resting: RemoteItem[] = []
  const restless: RemoteItem[] = []
  for (const item of items) {
    if (item.entry.kind !== 'file') continue
    const set = setOf(item.path)
    const rests = set === null ? item.entry.mtimeS < nowS - SETTLING_S : !restlessSets.has(set)
    ;(rests ? resting : restless).push(item)
  }
  return { resting, restless, hasRestlessSet: restlessSets.size > 0 }
}

const PASSES_WITHOUT_PAUSE = 3

/** Remembers between passes which files are never at rest. */
export class HotFiles {
  #passes = new Map<PathBytes, number>()

  /** All that this pass has found restless; what is not among them has come to rest. */
  seen(paths: readonly PathBytes[]): void {
    this.#passes = new Map(paths.map((path) => [path, (this.#passes.get(path) ?? 0) + 1]))
  }

  /** Whether the file was restless in so many passes in a row that it is written without pause. */
  isWithoutPause(path: PathBytes): boolean {
    return (this.#passes.get(path) ?? 0) >= PASSES_WITHOUT_PAUSE
  }
}
