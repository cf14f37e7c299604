/** A GPU as it is sold: the name that Sublet shows, and how providers write it otherwise. */
export interface GpuModel {
  readonly name: string
  readonly vendor: 'nvidia' | 'amd'
  /** Memory sizes of one card, as sold and as reported. */
  readonly vramGiB: readonly number[]
  /** Other spellings, upper case, without blanks and punctuation. */
  readonly aliases: readonly string[]
  /** The range of prices seen for one card, in US dollars an hour, on demand and spot. */
  readonly usdPerHour: readonly [low: number, high: number]
}

type Row = readonly [
  name: string,
  vramGiB: readonly number[],
  low: number,
  high: number,
  ...aliases: readonly string[],
]

/** Sizes and price ranges from provider lists of 2025 and 2026; the gate allows a wide margin. */
const nvidia: readonly Row[] = [
  ['B300', [288, 270], 3, 20],
  ['B200', [180, 192], 2.5, 18],
  ['GB200', [186, 192], 3, 20],
  ['GB300', [288, 270], 3, 25],
  ['GH200', [96, 144], 1, 8],
  ['H200', [141, 143], 1.5, 14],
  ['H100', [80, 94], 0.8, 13],
  ['H20', [96], 0.8, 8],
  ['H800', [80], 0.8, 13],
  ['A100', [40, 80], 0.3, 6],
  ['A800', [40, 80], 0.3, 6],
  ['A40', [48], 0.2, 3],
  ['A30', [24], 0.15, 2],
  ['A16', [16], 0.1, 1.5],
  ['A10', [24], 0.15, 4],
  ['A10G', [24], 0.25, 4],
  ['A2', [16], 0.05, 1],
  ['L40S', [48], 0.4, 5],
  ['L40', [48], 0.35, 4],
  ['L4', [24], 0.2, 2],
  ['T4', [16], 0.08, 1.5],
  ['T4G', [16], 0.1, 1],
  ['V100', [16, 32], 0.07, 5],
  ['P100', [16], 0.06, 3],
  ['P40', [24], 0.06, 2],
  ['P4', [8], 0.05, 1.5],
  ['P6000', [24], 0.2, 3],
  ['P5000', [16], 0.15, 2],
  ['P4000', [8], 0.1, 1.5],
  ['M4000', [8], 0.08, 1.2],
  ['K80', [12], 0.03, 1.5],
  ['M60', [8], 0.05, 2],
  ['RTX PRO 6000', [96], 0.7, 6, 'RTXPRO6000BLACKWELL', 'RTXPRO6000BSE', 'PRO6000', 'RTX6000PRO'],
  ['RTX PRO 5000', [48, 72], 0.4, 4, 'RTXPRO5000BLACKWELL', 'PRO5000'],
  ['RTX PRO 4500', [32], 0.25, 3, 'RTXPRO4500BLACKWELL', 'PRO4500'],
  ['RTX PRO 4000', [24], 0.2, 2, 'RTXPRO4000BLACKWELL', 'PRO4000'],
  ['RTX 6000 Ada', [48], 0.4, 4, '6000ADA', 'RTX6000', 'RTXA6000ADA'],
  ['RTX 5000 Ada', [32], 0.3, 3, '5000ADA'],
  ['RTX 4500 Ada', [24], 0.2, 2, '4500ADA'],
  ['RTX 4000 Ada', [20], 0.15, 2, '4000ADA', 'RTX4000SFFADA'],
  ['RTX 2000 Ada', [16], 0.1, 1.5, '2000ADA'],
  ['RTX A6000', [48], 0.25, 3, 'A6000'],
  ['RTX A5000', [24], 0.12, 2.5, 'A5000'],
  ['RTX A4500', [20], 0.1, 2, 'A4500'],
  ['RTX A4000', [16], 0.06, 2, 'A4000'],
  ['RTX A2000', [6, 12], 0.05, 1, 'A2000'],
  ['RTX 6000', [24], 0.2, 2],
  ['RTX 5000', [16], 0.1, 2],
  ['RTX 4000', [8], 0.08, 1.5],
  ['RTX 5090', [32], 0.3, 3, '5090'],
  ['RTX 5080', [16], 0.15, 2, '5080'],
  ['RTX 5070 Ti', [16], 0.1, 1.5, '5070TI'],
  ['RTX 4090', [24], 0.2, 2.5, '4090'],
  ['RTX 4080', [16], 0.12, 1.5, '4080'],
  ['RTX 4080 SUPER', [16], 0.12, 1.5, '4080SUPER', 'RTX4080S'],
  ['RTX 4070 Ti', [12], 0.08, 1.2, '4070TI'],
  ['RTX 3090', [24], 0.1, 1.5, '3090'],
  ['RTX 3090 Ti', [24], 0.1, 1.5, '3090TI'],
  ['RTX 3080', [10, 12], 0.06, 1, '3080'],
  ['RTX 3080 Ti', [12], 0.06, 1, '3080TI'],
  ['RTX 3070', [8], 0.04, 1, '3070'],
  ['RTX 3060', [12, 8], 0.03, 0.8, '3060'],
  ['RTX 2080 Ti', [11, 22], 0.05, 1, '2080TI'],
  ['GTX 1080 Ti', [11], 0.03, 0.8, '1080TI'],
  ['TITAN V', [12], 0.05, 1],
  ['TITAN RTX', [24], 0.08, 1.5],
]

const amd: readonly Row[] = [
  ['MI355X', [288], 1.5, 12],
  ['MI350X', [288], 1.5, 12],
  ['MI325X', [256, 288], 1, 10],
  ['MI300X', [192], 0.7, 9],
  ['MI250X', [128, 64], 0.4, 5],
  ['MI250', [128, 64], 0.4, 5],
  ['MI210', [64], 0.3, 3],
  ['MI100', [32], 0.15, 2],
]

/** Every GPU that Sublet knows by name. Others are offered too, under the provider's own name. */
export const gpuCatalogue: readonly GpuModel[] = [
  ...nvidia.map((row) => model('nvidia', row)),
  ...amd.map((row) => model('amd', row)),
]

/** How spellings are compared: upper case, letters and digits only. */
export function compactGpuName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
}

const byName = new Map(gpuCatalogue.map((entry) => [entry.name, entry]))

/** The catalogue's entry of a normalised name; undefined when it is not known. */
export function gpuModel(name: string): GpuModel | undefined {
  return byName.get(name)
}

function model(vendor: GpuModel['vendor'], row: Row): GpuModel {
  const [name, vramGiB, low, high, ...aliases] = row
  return { name, vendor, vramGiB, aliases, usdPerHour: [low, high] }
}
