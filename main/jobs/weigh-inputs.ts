import path from 'node:path'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Understanding } from '../../preload/contract/understanding.ts'
import { showPath } from '../transfer/path-bytes.ts'
import { scanTree } from '../transfer/scan.ts'
import { isInside } from './understand/data.ts'

export interface WeighedInputs {
  readonly bytes: number
  readonly inputs: Understanding['inputs']
  readonly warnings: readonly string[]
  /** Left behind by ignore rules, the largest first. */
  readonly excluded: Understanding['excluded']
  readonly excludedBytes: number
}

/** Walks over everything that would travel and says how much it is. Reads no file's content. */
export async function weighInputs(spec: JobSpec, signal: AbortSignal): Promise<WeighedInputs> {
  const inputs: Understanding['inputs'] = []
  const warnings: string[] = []
  const excluded: { path: string; bytes: number; why: string; from: string }[] = []
  const { code } = spec
  const trees = [
    ...(code === null
      ? []
      : [{ kind: 'code' as const, path: code.path, name: path.basename(code.path) }]),
    ...spec.data.map((one) => ({ kind: 'data' as const, ...one })),
  ]
  for (const tree of trees) {
    const scanned = await scanTree(tree.path, { ignore: tree.kind, signal })
    const sizes = scanned.manifest.entries.flatMap((one) => (one.kind === 'file' ? [one.size] : []))
    inputs.push({ ...tree, files: sizes.length, bytes: sizes.reduce((sum, one) => sum + one, 0) })
    warnings.push(...scanned.warnings.map((warning) => warning.sentence))
    excluded.push(
      ...scanned.excluded.map((one) => ({ ...one, path: showPath(one.path), from: tree.path })),
    )
  }
  const data = inputs.filter(({ kind }) => kind === 'data')
  const stays = excluded.flatMap(({ from, ...one }) => {
    const bytes = one.bytes - bytesTaken(path.join(from, one.path), data)
    return bytes <= 0 && one.bytes > 0 ? [] : [{ ...one, bytes }]
  })
  stays.sort((a, b) => b.bytes - a.bytes)
  return {
    bytes: inputs.reduce((sum, one) => sum + one.bytes, 0),
    inputs,
    warnings,
    excluded: stays,
    excludedBytes: stays.reduce((sum, one) => sum + one.bytes, 0),
  }
}

/** Bytes below a path that travel as data after all, and so do not stay at home. */
function bytesTaken(left: string, data: Understanding['inputs']): number {
  return data
    .filter((input) => input.path === left || isInside(input.path, left))
    .reduce((sum, input) => sum + input.bytes, 0)
}
