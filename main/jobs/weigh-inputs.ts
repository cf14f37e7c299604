import path from 'node:path'
import type { JobSpec } from '../../preload/contract/job-spec.ts'
import type { Understanding } from '../../preload/contract/job.ts'
import { showPath } from '../transfer/path-bytes.ts'
import { scanTree } from '../transfer/scan.ts'

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
  const excluded: Understanding['excluded'] = []
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
    excluded.push(...scanned.excluded.map((one) => ({ ...one, path: showPath(one.path) })))
  }
  excluded.sort((a, b) => b.bytes - a.bytes)
  return {
    bytes: inputs.reduce((sum, one) => sum + one.bytes, 0),
    inputs,
    warnings,
    excluded,
    excludedBytes: excluded.reduce((sum, one) => sum + one.bytes, 0),
  }
}
