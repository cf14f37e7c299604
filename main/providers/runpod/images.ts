import type { Gpu } from '../../../preload/contract/offer.ts'
import type { LaunchRequest } from '../provider.ts'

/**
 * What a pod starts from where the job names no image. NVIDIA: RunPod's own, as its API description
 * 2.0.0 names it. AMD: what RunPod's ROCm images are built upon (github.com/runpod/containers,
 * official-templates/rocm/docker-bake.hcl, read 2026-11).
 */
const usual: Readonly<Record<Gpu['vendor'], string>> = {
  nvidia: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404',
  amd: 'rocm/pytorch:rocm6.4.1_ubuntu24.04_py3.12_pytorch_release_2.7.0',
}

/** The CUDA version in the image for NVIDIA: a host's driver must know it. */
export const imageCuda = '12.8'

/** The image, and the CUDA version that a host must have for it, where that is known. */
export function imageFor({ environment, offer }: Pick<LaunchRequest, 'environment' | 'offer'>): {
  readonly image: string
  readonly minCudaVersion?: string
} {
  if (environment.kind === 'image') return { image: environment.image }
  const vendor = offer.gpu?.vendor ?? 'nvidia'
  return { image: usual[vendor], ...(vendor === 'nvidia' && { minCudaVersion: imageCuda }) }
}
