/** Secure: RunPod's own data centres. Community: computers of third parties. */
export type Cloud = 'secure' | 'community'
export const clouds: readonly Cloud[] = ['secure', 'community']

/** What RunPod needs to be told of a machine. */
export interface MachineType {
  readonly cloud: Cloud
  /** RunPod's id of the GPU: `NVIDIA A40`. */
  readonly gpuId: string
  readonly count: number
}

/** `secure/NVIDIA A40`, `community/2x NVIDIA GeForce RTX 4090`. */
export function machineTypeOf({ cloud, gpuId, count }: MachineType): string {
  return `${cloud}/${count === 1 ? '' : `${count}x `}${gpuId}`
}

/** The other way round; null for what was never made here. */
export function readMachineType(text: string): MachineType | null {
  const [, cloud, count = '1', gpuId] = /^(secure|community)\/(?:(\d+)x )?(.+)$/.exec(text) ?? []
  if ((cloud !== 'secure' && cloud !== 'community') || gpuId === undefined) return null
  return { cloud, gpuId, count: Number(count) }
}
