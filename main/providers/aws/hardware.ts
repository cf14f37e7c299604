import type { Gpu } from '../../../preload/contract/offer.ts'
import { gpuOf } from '../gpu-of.ts'
import type { AwsApi } from './api.ts'
import { typesSchema, type WireType } from './wire.ts'

const mibPerGib = 1_024

/** A machine type that Sublet can rent. */
export interface Hardware {
  readonly machineType: string
  readonly gpu: Gpu
  readonly vcpus: number
  readonly memoryGiB: number
  readonly onDemand: boolean
  readonly spot: boolean
}

/** Families with GPUs: `g` and `p` (https://aws.amazon.com/ec2/instance-types/, read 2026-11). */
const gpuFamilies = ['g*', 'p*']

/** The machine types with NVIDIA GPUs that a region has. */
export async function hardwareIn(
  api: AwsApi,
  region: string,
  signal: AbortSignal,
): Promise<readonly Hardware[]> {
  const found: Hardware[] = []
  const pages = api.pages(
    typesSchema,
    region,
    (ec2, token, how) =>
      ec2.describeInstanceTypes(
        { Filters: [{ Name: 'instance-type', Values: gpuFamilies }], MaxResults: 100, ...token },
        how,
      ),
    signal,
  )
  for await (const { InstanceTypes: types } of pages) {
    for (const type of types) {
      const hardware = hardwareOf(type)
      if (hardware !== null) found.push(hardware)
    }
  }
  return found
}

/**
 * One machine type; null for what the images of the launch cannot serve: cards of AMD, processors
 * of Arm, parts of a card (`g6f` has `Count: 0`), and cards older than the open driver's Turing.
 */
export function hardwareOf(type: WireType): Hardware | null {
  const [card, ...others] = type.GpuInfo?.Gpus ?? []
  if (card === undefined || others.length > 0 || card.Count < 1) return null
  if (card.Manufacturer !== 'NVIDIA' || tooOld.test(card.Name)) return null
  if (!type.ProcessorInfo.SupportedArchitectures.includes('x86_64')) return null
  const gpu = gpuOf({
    name: spelling[card.Name] ?? card.Name,
    count: card.Count,
    vramGiB: sizes[card.Name] ?? Math.round((card.MemoryInfo.SizeInMiB / mibPerGib) * 10) / 10,
  })
  if (gpu === null) return null
  const classes = type.SupportedUsageClasses ?? ['on-demand']
  return {
    machineType: type.InstanceType,
    gpu,
    vcpus: type.VCpuInfo.DefaultVCpus,
    memoryGiB: type.MemoryInfo.SizeInMiB / mibPerGib,
    onDemand: classes.includes('on-demand'),
    spot: classes.includes('spot'),
  }
}

/** NVIDIA's open kernel modules need a GSP, so Turing or later (its driver README, 2026). */
const tooOld = /^(V100|K80|M60|K520|P100)$/

/** The interface's own spelling: `RTX PRO Server 6000`. */
const spelling: Readonly<Record<string, string>> = { 'RTX PRO Server 6000': 'RTX PRO 6000' }

/** EC2 says MB of the maker as MiB (22888 for 24 GB); these are what the cards are sold with. */
const sizes: Readonly<Record<string, number>> = { A10G: 24, L4: 24, L40S: 48 }
