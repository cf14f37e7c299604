/** A simulated GPU model, as `nvidia-smi` would describe it. */
export interface GpuModel {
  /** Normalised name for offers. */
  readonly name: string
  readonly vendor: 'nvidia' | 'amd'
  readonly vramGiB: number
  /** The name that `nvidia-smi` prints. */
  readonly deviceName: string
  readonly memoryMiB: number
  readonly powerLimitW: number
  readonly idleW: number
  readonly computeCapability: string
  readonly maxClockMhz: number
}

function nvidia(
  name: string,
  vramGiB: number,
  deviceName: string,
  memoryMiB: number,
  powerLimitW: number,
  computeCapability: string,
  maxClockMhz: number,
): GpuModel {
  const idleW = Math.max(9, Math.round(powerLimitW / 9))
  return {
    name,
    vendor: 'nvidia',
    vramGiB,
    deviceName,
    memoryMiB,
    powerLimitW,
    idleW,
    computeCapability,
    maxClockMhz,
  }
}

/** Every model that a machine type of the catalogue may carry. */
export const gpuModels = {
  t4: nvidia('T4', 16, 'Tesla T4', 15360, 70, '7.5', 1590),
  v100: nvidia('V100', 16, 'Tesla V100-SXM2-16GB', 16384, 300, '7.0', 1530),
  l4: nvidia('L4', 24, 'NVIDIA L4', 23034, 72, '8.9', 2040),
  a10: nvidia('A10', 24, 'NVIDIA A10', 23028, 150, '8.6', 1695),
  a4000: nvidia('RTX A4000', 16, 'NVIDIA RTX A4000', 16376, 140, '8.6', 2100),
  a6000: nvidia('RTX A6000', 48, 'NVIDIA RTX A6000', 49140, 300, '8.6', 2100),
  ada6000: nvidia('RTX 6000 Ada', 48, 'NVIDIA RTX 6000 Ada Generation', 49140, 300, '8.9', 3105),
  rtx3090: nvidia('RTX 3090', 24, 'NVIDIA GeForce RTX 3090', 24576, 350, '8.6', 2100),
  rtx4090: nvidia('RTX 4090', 24, 'NVIDIA GeForce RTX 4090', 24564, 450, '8.9', 3105),
  rtx5090: nvidia('RTX 5090', 32, 'NVIDIA GeForce RTX 5090', 32607, 575, '12.0', 3090),
  l40s: nvidia('L40S', 48, 'NVIDIA L40S', 46068, 350, '8.9', 2520),
  a100x40: nvidia('A100', 40, 'NVIDIA A100-SXM4-40GB', 40960, 400, '8.0', 1410),
  a100x80: nvidia('A100', 80, 'NVIDIA A100-SXM4-80GB', 81920, 400, '8.0', 1410),
  a100pcie: nvidia('A100', 80, 'NVIDIA A100 80GB PCIe', 81920, 300, '8.0', 1410),
  h100pcie: nvidia('H100', 80, 'NVIDIA H100 PCIe', 81559, 350, '9.0', 1755),
  h100sxm: nvidia('H100', 80, 'NVIDIA H100 80GB HBM3', 81559, 700, '9.0', 1980),
  h200: nvidia('H200', 141, 'NVIDIA H200', 143771, 700, '9.0', 1980),
  b200: nvidia('B200', 180, 'NVIDIA B200', 183359, 1000, '10.0', 1965),
  gh200: nvidia('GH200', 96, 'NVIDIA GH200 480GB', 97871, 700, '9.0', 1980),
  mi300x: {
    name: 'MI300X',
    vendor: 'amd',
    vramGiB: 192,
    deviceName: 'AMD Instinct MI300X',
    memoryMiB: 196592,
    powerLimitW: 750,
    idleW: 140,
    computeCapability: 'gfx942',
    maxClockMhz: 2100,
  },
} as const satisfies Record<string, GpuModel>

export type GpuModelId = keyof typeof gpuModels
