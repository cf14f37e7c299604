import type { Offer } from '../../preload/contract/offer.ts'
import { readTorchPin } from '../domain/environment/torch-pin.ts'
import { torchWarnings } from '../domain/environment/torch-warnings.ts'
import type { WorkFiles } from '../domain/environment/work-files.ts'
import { formatCount } from '../domain/format.ts'
import { normaliseGpu } from '../domain/gpu-names.ts'
import type { MachineFacts } from '../domain/machine-facts.ts'

/** What does not fit between the job, what was rented and what the machine turned out to be. */
export function machineWarnings(facts: MachineFacts, files: WorkFiles, offer: Offer): string[] {
  return [...rentedOtherwise(facts, offer), ...torchWarnings(readTorchPin(files), facts)]
}

function rentedOtherwise({ gpus }: MachineFacts, { gpu }: Offer): string[] {
  if (gpu === null) return []
  if (gpus.length < gpu.count) {
    return [
      `${formatCount(gpu.count, 'GPU')} were rented, but the machine shows ${gpus.length}: check its driver, or release it and choose another offer.`,
    ]
  }
  const found = gpus[0]?.name ?? ''
  if (normaliseGpu(found).name === normaliseGpu(gpu.name).name) return []
  return [`A ${gpu.name} was rented, but the machine has a ${found}.`]
}
