// Facts of a real DescribeInstanceTypes answer of August 2026; prices of 2026.

interface TypeFacts {
  readonly card: string
  readonly maker: string
  readonly count: number
  readonly mib: number
  readonly vcpus: number
  readonly memoryMiB: number
  readonly arch: string
  /** US dollars an hour on demand, as the price list writes them. */
  readonly price: string
  readonly zones: readonly string[]
  readonly spot: string
}

const nvidia = { maker: 'NVIDIA', arch: 'x86_64' }

export const awsTypes: Readonly<Record<string, TypeFacts>> = {
  'g4dn.xlarge': {
    ...nvidia,
    card: 'T4',
    count: 1,
    mib: 16_384,
    vcpus: 4,
    memoryMiB: 16_384,
    price: '0.5260000000',
    zones: ['us-east-1b', 'eu-central-1a'],
    spot: '0.2104',
  },
  'g5.xlarge': {
    ...nvidia,
    card: 'A10G',
    count: 1,
    mib: 22_888,
    vcpus: 4,
    memoryMiB: 16_384,
    price: '1.0060000000',
    zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    spot: '0.4211',
  },
  'p5.48xlarge': {
    ...nvidia,
    card: 'H100',
    count: 8,
    mib: 81_920,
    vcpus: 192,
    memoryMiB: 2_097_152,
    price: '55.0400000000',
    zones: ['us-east-1a'],
    spot: '21.4470',
  },
  'g6f.large': {
    ...nvidia,
    card: 'L4',
    count: 0,
    mib: 2_861,
    vcpus: 2,
    memoryMiB: 8_192,
    price: '0.2020000000',
    zones: ['us-east-1a'],
    spot: '0.1000',
  },
  'g4ad.xlarge': {
    card: 'Radeon Pro V520',
    maker: 'AMD',
    arch: 'x86_64',
    count: 1,
    mib: 8_192,
    vcpus: 4,
    memoryMiB: 16_384,
    price: '0.3785300000',
    zones: ['us-east-1a'],
    spot: '0.1500',
  },
}

export const regionOfZone = (zone: string): string => zone.slice(0, -1)

/** The types that a region has. */
export const typesIn = (region: string) =>
  Object.entries(awsTypes).filter(([, { zones }]) =>
    zones.some((zone) => regionOfZone(zone) === region),
  )

/** As `DescribeInstanceTypes` answers it. */
export function typeRow([name, type]: readonly [string, TypeFacts]) {
  return {
    instanceType: name,
    currentGeneration: true,
    supportedUsageClasses: { item: ['on-demand', 'spot'] },
    bareMetal: false,
    processorInfo: { supportedArchitectures: { item: [type.arch] } },
    vCpuInfo: { defaultVCpus: type.vcpus },
    memoryInfo: { sizeInMiB: type.memoryMiB },
    gpuInfo: {
      gpus: {
        item: [
          {
            name: type.card,
            manufacturer: type.maker,
            count: type.count,
            logicalGpuCount: Math.max(1, type.count),
            memoryInfo: { sizeInMiB: type.mib },
          },
        ],
      },
      totalGpuMemoryInMiB: type.mib * Math.max(1, type.count),
    },
  }
}

/** As the price list answers it: JSON in a string. */
export function productRow([name, { price }]: readonly [string, TypeFacts], region: string) {
  const sku = `SKU${name.replaceAll('.', '')}`
  const dimension = { unit: 'Hrs', pricePerUnit: { USD: price }, description: 'per On Demand' }
  const year = (PurchaseOption: string, unit: string, USD: string) => ({
    priceDimensions: { [`${sku}.${PurchaseOption}`]: { unit, pricePerUnit: { USD } } },
    termAttributes: { LeaseContractLength: '1yr', PurchaseOption, OfferingClass: 'standard' },
  })
  return JSON.stringify({
    product: {
      sku,
      productFamily: 'Compute Instance',
      attributes: { instanceType: name, regionCode: region, marketoption: 'OnDemand' },
    },
    serviceCode: 'AmazonEC2',
    terms: {
      OnDemand: { [`${sku}.JRTCKXETXF`]: { priceDimensions: { [`${sku}.1`]: dimension } } },
      Reserved: {
        [`${sku}.R1`]: year('No Upfront', 'Hrs', '0.3310000000'),
        [`${sku}.R2`]: year('All Upfront', 'Quantity', '1000'),
      },
    },
  })
}
