import { nameOf, parentOf, ROOT, type PathBytes } from '../path-bytes.ts'
import type { RemoteItem } from '../receive-types.ts'

/** What comes home as a whole: one file, or all files of a checkpoint that is a folder. */
export interface Unit {
  readonly items: readonly RemoteItem[]
  readonly bytes: number
  /** When anything in it was written last, by the machine's clock. */
  readonly newestS: number
  readonly kind: 'checkpoint' | 'other'
  /** A later checkpoint of the same family is there: of no use to who goes on from the newest. */
  readonly superseded: boolean
}

const STEP_WORD =
  '(?:global[-_]?steps?|steps?|checkpoints?|ckpts?|epochs?|iter(?:ation)?s?|snapshots?)'
const stepFolder = new RegExp(`^(?:.*[-_.=])?${STEP_WORD}[-_.=]?\\d+(?:[-_.=].*)?$|^\\d+$`, 'i')
const stepNumber = new RegExp(`(${STEP_WORD}[-_.=]?)\\d+`, 'gi')
const checkpointName = /checkpoint|ckpt|\.(?:pt|pth|safetensors|msgpack|orbax|h5|keras)$/i

/** The folder of a numbered checkpoint that the path lies in (`run/step-100`), the outermost; else null. */
export function setOf(path: PathBytes): PathBytes | null {
  const names = parentOf(path) === ROOT ? [] : parentOf(path).split('/')
  const depth = names.findIndex((name) => stepFolder.test(name))
  return depth < 0 ? null : (names.slice(0, depth + 1).join('/') as PathBytes)
}

/** `run/step-#/` for a set, `run/epoch=#.ckpt` for a numbered file; null for what has no successors. */
function familyOf(path: PathBytes, set: PathBytes | null): string | null {
  const name = nameOf(set ?? path)
  const family = set === null ? name.replaceAll(stepNumber, '$1#') : name.replaceAll(/\d+/g, '#')
  return family === name ? null : `${parentOf(set ?? path)}/${family}`
}

/** Files put together as they belong together, the most useful first. */
export function unitsOf(items: readonly RemoteItem[], hurried: boolean): Unit[] {
  const groups = new Map<string, RemoteItem[]>()
  for (const item of items) {
    const set = setOf(item.path)
    // No path holds a NUL, so that a file never falls into a set of its own name.
    const key = set === null ? item.path : `${set}\0`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  const newest = new Map<string, number>()
  const units = [...groups.values()].map((group) => {
    const path = group[0]?.path ?? ROOT
    const set = setOf(path)
    const family = familyOf(path, set)
    const newestS = Math.max(...group.map(({ entry }) => entry.mtimeS))
    if (family !== null) newest.set(family, Math.max(newest.get(family) ?? 0, newestS))
    const isCheckpoint = family !== null || checkpointName.test(path)
    const bytes = group.reduce((sum, { entry }) => sum + entry.size, 0)
    return { items: group, bytes, newestS, family, isCheckpoint }
  })
  return units
    .map(({ family, isCheckpoint, ...unit }): Unit => ({
      ...unit,
      kind: isCheckpoint ? 'checkpoint' : 'other',
      superseded: family !== null && unit.newestS < (newest.get(family) ?? 0),
    }))
    .toSorted((a, b) => rank(a, hurried) - rank(b, hurried) || b.newestS - a.newestS)
}

const QUICK_BYTES = 1024 * 1024

/** Small results do not wait behind a large checkpoint, unless there may be time for one thing only. */
function rank({ kind, superseded, bytes }: Unit, hurried: boolean): number {
  if (superseded) return 3
  if (kind === 'checkpoint') return 1
  return !hurried && bytes <= QUICK_BYTES ? 0 : 2
}

export interface Chosen {
  readonly taken: readonly Unit[]
  /** Over the limit: not for this pass, or not before the end. */
  readonly left: readonly Unit[]
}

/** What one pass brings within its limit (null: none), the most useful first. */
export function withinLimit(units: readonly Unit[], maxBytes: number | null): Chosen {
  const taken: Unit[] = []
  const left: Unit[] = []
  let room = maxBytes ?? Number.POSITIVE_INFINITY
  for (const unit of units) {
    // Where not everything fits, what is superseded is not worth the room that a newer one may need.
    const fits = unit.bytes <= room && !(unit.superseded && left.length > 0)
    if (fits) room -= unit.bytes
    ;(fits ? taken : left).push(unit)
  }
  return { taken, left }
}
