// Shapes: RunPod's API description 2.0.0. Prices: what was published between August and November 2026.

type Level = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH'

interface FakeGpu {
  readonly id: string
  readonly name: string
  readonly manufacturer: 'NVIDIA' | 'AMD' | 'UNKNOWN'
  readonly memory: number
  /** US dollars for one GPU and hour, secure and community; 0 where it is not in that cloud. */
  readonly usd: readonly [secure: number, community: number]
  readonly most: readonly [secure: number, community: number]
  readonly dataCenters: readonly string[]
  readonly cuda?: readonly string[]
}

/** What the fake has to rent. */
export const gpus: readonly FakeGpu[] = [
  {
    id: 'NVIDIA GeForce RTX 4090',
    name: 'RTX 4090',
    manufacturer: 'NVIDIA',
    memory: 24,
    usd: [0.74, 0.34],
    most: [8, 4],
    dataCenters: ['US-KS-2', 'EU-RO-1'],
    cuda: ['12.4', '12.8'],
  },
  {
    id: 'NVIDIA A40',
    name: 'A40',
    manufacturer: 'NVIDIA',
    memory: 48,
    usd: [0.44, 0],
    most: [10, 0],
    dataCenters: ['CA-MTL-1'],
    cuda: ['12.11', '13.0'],
  },
  {
    id: 'NVIDIA H100 80GB HBM3',
    name: 'H100 SXM',
    manufacturer: 'NVIDIA',
    memory: 80,
    usd: [3.99, 2.69],
    most: [8, 8],
    dataCenters: [],
    cuda: ['12.4'],
  },
  {
    id: 'AMD Instinct MI300X OAM',
    name: 'MI300X',
    manufacturer: 'AMD',
    memory: 192,
    usd: [2.39, 0],
    most: [8, 0],
    dataCenters: ['EU-RO-1'],
  },
  {
    id: 'unknown',
    name: 'unknown',
    manufacturer: 'UNKNOWN',
    memory: 0,
    usd: [0, 0],
    most: [0, 0],
    dataCenters: [],
  },
]

/** One type as the API tells it, with its availability for a count in a cloud where it was asked for. */
export function gpuRow(
  { id, name, manufacturer, memory, usd, most, dataCenters, cuda }: FakeGpu,
  asked: { readonly count: number; readonly cloud: 'SECURE' | 'COMMUNITY' } | null,
) {
  const [secure, community] = usd
  const ceiling = asked?.cloud === 'COMMUNITY' ? most[1] : most[0]
  const level: Level = asked !== null && asked.count <= ceiling ? 'HIGH' : 'NONE'
  const places = asked?.cloud === 'SECURE' && level !== 'NONE' ? dataCenters : []
  return {
    id,
    name,
    pool: null,
    manufacturer,
    memory,
    secure: secure > 0,
    community: community > 0,
    price: { secure, community },
    maxCount: { secure: most[0], community: most[1] },
    ...(asked === null
      ? {}
      : {
          availability: level,
          ...(places.length > 0 && {
            dataCenters: places.map((place) => ({ id: place, name: place, availability: level })),
          }),
          ...(cuda !== undefined && {
            cudaVersions: cuda.map((version) => ({ version, available: true })),
          }),
        }),
  }
}
