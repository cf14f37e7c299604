import type { MachineFacts } from '../machine-facts.ts'
import { architecturesOf, cudaOfRelease, oldestDriver, runsOn } from './torch-builds.ts'
import type { TorchPin } from './torch-pin.ts'

/**
 * Says, a sentence each, where the torch that would be installed cannot use this machine's GPU or
 * driver. No sentence where nothing is known to be wrong.
 */
export function torchWarnings(pin: TorchPin | null, facts: MachineFacts): string[] {
  const gpus = facts.gpus.filter((gpu) => gpu.vendor === 'nvidia')
  if (pin === null || gpus.length === 0) return []
  const own = imageTorchFits(pin, facts) ? facts.torch : null
  const release = own === null ? pin.version : own.version
  const cuda = own === null ? (pin.cuda ?? cudaOfRelease(pin.version)) : own.cuda
  const name = release === null ? 'The newest torch' : `torch ${release}`
  if (cuda === null) {
    return own === null
      ? []
      : [`${name} on this machine was built without CUDA; the job would not see the GPU.`]
  }
  const warnings: string[] = []
  const neededDriver = oldestDriver(cuda)
  const driver = facts.driverVersion === null ? null : Number(facts.driverVersion.split('.')[0])
  if (neededDriver !== null && driver !== null && driver < neededDriver) {
    warnings.push(
      `${name} is built for CUDA ${cuda}, which needs an NVIDIA driver from ${neededDriver} on; this machine has ${facts.driverVersion}. Ask for wheels of CUDA ${newestFor(driver)} in the requirements, or choose another machine.`,
    )
  }
  const architectures = architecturesOf(release, cuda)
  if (architectures === null) return warnings
  const unfit = gpus.find(
    (gpu) => gpu.computeCapability !== null && !runsOn(architectures, gpu.computeCapability),
  )
  if (unfit?.computeCapability != null) {
    warnings.push(
      `${name} for CUDA ${cuda} has no code for ${unfit.name} (compute capability ${unfit.computeCapability}): ${advice(unfit.computeCapability, architectures.min)}`,
    )
  }
  return warnings
}

/** True when the torch that the machine brings answers the pin, so that it is used as it is. */
export function imageTorchFits(pin: TorchPin | null, facts: MachineFacts): boolean {
  if (facts.torch === null) return false
  if (pin === null) return true
  const [installed = ''] = facts.torch.version.split('+')
  const versionFits =
    pin.version === null || installed === pin.version || installed.startsWith(`${pin.version}.`)
  return versionFits && (pin.cuda === null || pin.cuda === facts.torch.cuda)
}

function newestFor(driver: number): string {
  if (driver >= 525) return '12.6 (index https://download.pytorch.org/whl/cu126)'
  if (driver >= 450) return '11.8 (index https://download.pytorch.org/whl/cu118, torch up to 2.7)'
  return '10.2 (torch up to 1.12)'
}

function advice(capability: string, min: string): string {
  if (Number(capability) < Number(min)) {
    return 'ask for its cu126 wheels (https://download.pytorch.org/whl/cu126), or choose a newer GPU.'
  }
  if (Number(capability) >= 10) {
    return 'ask for torch 2.7 or newer from https://download.pytorch.org/whl/cu128, or choose an older GPU.'
  }
  return 'ask for a newer torch, or choose an older GPU.'
}
