import type { Understanding } from '../../preload/contract/understanding.ts'
import type { Understood } from './understand/understood.ts'
import type { weighInputs } from './weigh-inputs.ts'

const mostExcludedShown = 300

/** What a request means and what would travel, from this computer alone: no price, no account asked. */
export async function describeRequest(
  understood: Understood,
  signal: AbortSignal,
  weigh: typeof weighInputs,
): Promise<Understanding> {
  const weighed = await weigh(understood.spec, signal)
  return {
    spec: understood.spec,
    understood: [...understood.understood],
    warnings: [...understood.warnings, ...weighed.warnings],
    inputs: weighed.inputs,
    uploadBytes: weighed.bytes,
    excluded: weighed.excluded.slice(0, mostExcludedShown),
    excludedBytes: weighed.excludedBytes,
  }
}
