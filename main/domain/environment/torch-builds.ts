/** Compute capabilities that the Linux x86-64 wheels of one build run on. */
export interface Architectures {
  readonly min: string
  readonly majors: readonly number[]
}

/**
 * CUDA of the torch wheels on PyPI by release, oldest first. Sources: the Release Compatibility
 * Matrix in pytorch/pytorch RELEASE.md and the CUDA requirements of the wheels on PyPI; 2.11 made
 * 13.0 the default (pytorch/pytorch#172663), 2.14 made it 13.2 (#190355).
 */
const defaultCuda: readonly (readonly [minor: number, cuda: string])[] = [
  [1.07, '10.2'],
  [1.13, '11.7'],
  [2.01, '12.1'],
  [2.05, '12.4'],
  [2.07, '12.6'],
  [2.08, '12.8'],
  [2.11, '13.0'],
  [2.14, '13.2'],
]

/** `2.10` → 2.10 in order, so that 2.9 comes before it. */
function order(release: string): number {
  const [major = '0', minor = '99'] = release.split('.')
  return Number(major) + Number(minor) / 100
}

/** CUDA that PyPI's wheel of a release is built for; null (newest) takes the newest known. */
export function cudaOfRelease(release: string | null): string | null {
  const wanted = release === null ? Number.POSITIVE_INFINITY : order(release)
  return defaultCuda.findLast(([minor]) => minor <= wanted + 1e-9)?.[1] ?? null
}

/**
 * GPU architectures by release and CUDA. Sources: PyTorch CUDA Support Matrix in RELEASE.md (2.9 to
 * 2.14), `torch.cuda.get_arch_list()` of the wheels (github.com/moi90/pytorch_compute_capabilities,
 * 1.13 to 2.7), pytorch/pytorch#157517 and #172352 (Maxwell, Pascal, then Volta leave CUDA 12.8).
 */
export function architecturesOf(release: string | null, cuda: string): Architectures | null {
  const at = release === null ? Number.POSITIVE_INFINITY : order(release)
  const built = order(cuda)
  if (built >= order('13.0')) return { min: '7.5', majors: [7, 8, 9, 10, 11, 12] }
  if (built >= order('12.8')) {
    const volta = at >= order('2.8') && at < order('2.11')
    return { min: volta ? '7.0' : '7.5', majors: [7, 8, 9, 10, 12] }
  }
  if (built >= order('12.0')) return { min: '5.0', majors: [5, 6, 7, 8, 9] }
  if (built >= order('11.8')) return { min: '3.7', majors: [3, 5, 6, 7, 8, 9] }
  if (built >= order('11.0')) return { min: '3.7', majors: [3, 5, 6, 7, 8] }
  if (built >= order('10.2')) return { min: '3.7', majors: [3, 5, 6, 7] }
  return null
}

/**
 * Oldest Linux driver branch for a CUDA major release. Source: NVIDIA CUDA Compatibility, "Minor
 * Version Compatibility", tables 1 and 2 (docs.nvidia.com/deploy/cuda-compatibility).
 */
export function oldestDriver(cuda: string): number | null {
  const major = Number(cuda.split('.')[0])
  if (major === 13) return 580
  if (major === 12) return 525
  if (major === 11) return 450
  if (major === 10) return 440
  return null
}

/** Code for 8.0 runs on 8.9, but not on 9.0. */
export function runsOn(architectures: Architectures, capability: string): boolean {
  const [major = 0] = capability.split('.').map(Number)
  return Number(capability) >= Number(architectures.min) && architectures.majors.includes(major)
}
