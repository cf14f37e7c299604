/** What a GPU can do at most, by its maker's data sheet. Null where the maker gives no figure. */
export interface GpuSpeed {
  /** Dense FP16 or BF16 matrix TFLOPS (without sparsity), FP32 accumulate where both are given. */
  readonly tflops: number | null
  /** Memory bandwidth in GB/s. */
  readonly bandwidthGBps: number | null
}

type Row = readonly [
  name: string,
  tflops: number | null,
  bandwidthGBps: number | null,
  /** Bandwidth of other memory sizes of the same model. */
  byVramGiB?: Readonly<Record<number, number>>,
]

/**
 * Sources, one a row. Where a model is sold in several forms under one name (SXM, PCIe), the SXM
 * figures stand here, since price lists rarely say which one it is.
 */
const rows: readonly Row[] = [
  ['B300', 2250, 8000], // NVIDIA HGX B300 specifications (18 PFLOPS dense for 8)
  ['B200', 2250, 8000], // NVIDIA DGX B200 datasheet (36 PFLOPS sparse, 64 TB/s for 8)
  ['GB200', 2500, 8000], // NVIDIA GB200 NVL72 datasheet (360 PFLOPS sparse, 576 TB/s for 72)
  ['GB300', 2500, 8000], // NVIDIA GB300 NVL72 datasheet (360 PFLOPS sparse, 576 TB/s for 72)
  ['GH200', 990, 4000, { 144: 4900 }], // NVIDIA GH200 Grace Hopper Superchip datasheet
  ['H200', 989, 4800], // NVIDIA H200 datasheet
  ['H100', 989, 3350, { 94: 3900 }], // NVIDIA H100 datasheet, SXM (PCIe: 756, 2000); 94: NVL
  ['H20', 148, 4000], // NVIDIA H20 product brief
  ['H800', 989, 3350], // NVIDIA H800 datasheet, SXM
  ['A100', 312, 1555, { 80: 2039 }], // NVIDIA A100 datasheet, SXM (80 GB PCIe: 1935)
  ['A800', 312, 1555, { 80: 2039 }], // NVIDIA A800 datasheet
  ['A40', 149.7, 696], // NVIDIA A40 datasheet
  ['A30', 165, 933], // NVIDIA A30 datasheet
  ['A16', 17.9, 200], // NVIDIA A16 datasheet, one of four GPUs
  ['A10', 125, 600], // NVIDIA A10 datasheet
  ['A10G', 70, 600], // NVIDIA A10G datasheet
  ['A2', 18, 200], // NVIDIA A2 datasheet
  ['L40S', 362, 864], // NVIDIA L40S datasheet
  ['L40', 181, 864], // NVIDIA L40 datasheet
  ['L4', 121, 300], // NVIDIA L4 datasheet (242 sparse)
  ['T4', 65, 320], // NVIDIA T4 datasheet
  ['V100', 125, 900], // NVIDIA V100 datasheet, SXM2
  ['P100', 21.2, 732], // NVIDIA P100 datasheet, SXM2 with 16 GB
  ['P40', null, 346], // NVIDIA P40 datasheet (no FP16 figure)
  ['P4', null, 192], // NVIDIA P4 datasheet (no FP16 figure)
  ['K80', null, 240], // NVIDIA K80 board specification, one of two GPUs
  ['M60', null, 160], // NVIDIA M60 datasheet, one of two GPUs
  ['RTX PRO 6000', 503.8, 1792], // NVIDIA RTX Blackwell PRO architecture paper, Workstation
  ['RTX 6000 Ada', 364.2, 960], // NVIDIA RTX 6000 Ada datasheet, Ada architecture paper
  ['RTX A6000', 154.8, 768], // NVIDIA RTX A6000 datasheet (309.7 sparse)
  ['RTX A5000', 111.1, 768], // NVIDIA RTX A5000 datasheet (222.2 sparse)
  ['RTX A4000', 76.7, 448], // NVIDIA RTX A4000 datasheet (153.4 sparse)
  ['RTX 5090', 209.5, 1792], // NVIDIA RTX Blackwell architecture paper
  ['RTX 5080', 112.6, 960], // NVIDIA RTX Blackwell architecture paper
  ['RTX 5070 Ti', 87.9, 896], // NVIDIA RTX Blackwell architecture paper
  ['RTX 4090', 165.2, 1008], // NVIDIA Ada architecture paper
  ['RTX 4080', 97.5, 716.8], // NVIDIA Ada architecture paper
  ['RTX 4070 Ti', 80.2, 504], // NVIDIA Ada architecture paper
  ['RTX 3090 Ti', 80, 1008], // NVIDIA Ada architecture paper, comparison table
  ['RTX 3090', 71, 936], // NVIDIA Ampere GA102 architecture paper
  ['RTX 3080 Ti', 68.2, 912], // NVIDIA Ampere GA102 architecture paper, scaled by its clock table
  ['RTX 3080', 59.5, 760, { 12: 912 }], // NVIDIA Ampere GA102 architecture paper
  ['RTX 2080 Ti', 53.8, 616], // NVIDIA Turing architecture paper, reference clocks
  ['GTX 1080 Ti', null, 484], // NVIDIA product page (no FP16 matrix units)
  ['TITAN V', 110, 653], // NVIDIA TITAN V product page
  ['TITAN RTX', 130.5, 672], // NVIDIA Turing architecture paper
  ['MI355X', 2516, 8000], // AMD Instinct MI355X datasheet
  ['MI350X', 2309, 8000], // AMD Instinct MI350X datasheet
  ['MI325X', 1307.4, 6000], // AMD Instinct MI325X datasheet
  ['MI300X', 1307.4, 5300], // AMD Instinct MI300X datasheet
  ['MI250X', 383, 3277], // AMD Instinct MI250X datasheet
  ['MI250', 362.1, 3277], // AMD Instinct MI250 datasheet
  ['MI210', 181, 1638], // AMD Instinct MI210 datasheet
  ['MI100', 184.6, 1229], // AMD Instinct MI100 datasheet
]

const byName = new Map(rows.map((row) => [row[0], row]))
const unknown: GpuSpeed = { tflops: null, bandwidthGBps: null }

/** The speed of one GPU by its normalised name and memory; nulls for models without a data sheet here. */
export function gpuSpeed(name: string, vramGiB: number): GpuSpeed {
  const row = byName.get(name)
  if (row === undefined) return unknown
  const [, tflops, bandwidth, variants = {}] = row
  const variant = Object.entries(variants).find(
    ([size]) => Math.abs(Number(size) - vramGiB) <= 0.05 * Number(size),
  )
  return { tflops, bandwidthGBps: variant?.[1] ?? bandwidth }
}
