// Shapes: github.com/digitalocean/openapi of 2026-08-07. Prices: the pages of 2026-05.

export interface SizeRow {
  readonly gpu: { readonly model: string; readonly count: number; readonly vram: number } | null
  readonly usd: number
  readonly vcpus: number
  readonly memory: number
  readonly disk: number
  readonly regions: readonly string[]
}

const gpu = (model: string, count: number, vram: number) => ({ model, count, vram })
const h100 = 'nvidia_h100'

/** Sizes as they are sold: `vram` is of all GPUs together. */
export const sizes: Readonly<Record<string, SizeRow>> = {
  'gpu-h100x1-80gb': row(gpu(h100, 1, 80), 3.39, 20, 245760, 720, ['tor1', 'nyc2']),
  'gpu-h100x8-640gb': row(gpu(h100, 8, 640), 23.92, 160, 1966080, 2046, ['tor1']),
  'gpu-mi300x8-1536gb': row(gpu('amd_mi300x', 8, 1536), 15.92, 160, 1966080, 2046, ['atl1']),
  'gpu-4000adax1-20gb': row(gpu('nvidia_rtx4000_ada', 1, 20), 0.76, 8, 32768, 500, ['tor1']),
  'gpu-l40sx1-48gb': row(gpu('nvidia_l40s', 1, 48), 1.57, 8, 65536, 500, []),
  's-1vcpu-1gb': row(null, 0.00892857, 1, 1024, 25, ['nyc3', 'tor1']),
}

function row(
  ofGpu: SizeRow['gpu'],
  usd: number,
  vcpus: number,
  memory: number,
  disk: number,
  regions: readonly string[],
): SizeRow {
  return { gpu: ofGpu, usd, vcpus, memory, disk, regions }
}

export function wireSize(slug: string) {
  const size = sizes[slug]
  if (size === undefined) throw new Error(`There is no size ${slug}.`)
  const { usd, vcpus, memory, disk, regions } = size
  const amount = { amount: disk, unit: 'gib' }
  return {
    slug,
    memory,
    vcpus,
    disk,
    transfer: 15,
    price_monthly: usd * 672,
    price_hourly: usd,
    regions,
    available: true,
    description: size.gpu === null ? 'Basic' : 'GPU',
    disk_info: [{ type: 'local', size: amount }],
    ...(size.gpu === null
      ? {}
      : {
          gpu_info: {
            count: size.gpu.count,
            model: size.gpu.model,
            vram: { amount: size.gpu.vram, unit: 'gib' },
          },
        }),
  }
}

const wireRegion = (slug: string) => ({
  name: slug.toUpperCase(),
  slug,
  features: ['metadata'],
  available: true,
  sizes: Object.keys(sizes),
})

const image = {
  id: 166407044,
  name: 'AI/ML Ready H100x1',
  type: 'base',
  distribution: 'Ubuntu',
  slug: 'gpu-h100x1-base',
  public: true,
  regions: ['tor1'],
  created_at: '2024-09-27T15:35:19Z',
  min_disk_size: 25,
  size_gigabytes: 18.47,
  description: 'GPU H100 1x Base Image',
  tags: [],
  status: 'available',
}

export interface DropletRow {
  readonly id: number
  readonly name: string
  readonly slug: string
  readonly region: string
  readonly tags: readonly string[]
  readonly createdAt: number
  readonly status: 'new' | 'active'
  /** Null until it has one. */
  readonly address: string | null
}

export function wireDroplet(droplet: DropletRow) {
  const size = wireSize(droplet.slug)
  const v4 = (ip: string, type: string) => ({
    ip_address: ip,
    netmask: '255.255.0.0',
    gateway: '10.0.0.1',
    type,
  })
  return {
    id: droplet.id,
    name: droplet.name,
    memory: size.memory,
    vcpus: size.vcpus,
    disk: size.disk,
    disk_info: size.disk_info,
    locked: droplet.status === 'new',
    status: droplet.status,
    created_at: seconds(droplet.createdAt),
    features: ['private_networking'],
    backup_ids: [],
    next_backup_window: null,
    snapshot_ids: [],
    image,
    volume_ids: [],
    size,
    size_slug: droplet.slug,
    networks: {
      v4:
        droplet.address === null
          ? []
          : [v4('10.128.0.2', 'private'), v4(droplet.address, 'public')],
      v6: [],
    },
    region: wireRegion(droplet.region),
    tags: droplet.tags,
    vpc_uuid: '760e09ef-dc84-11e8-981e-3cfdfeaae000',
  }
}

export const wireVolume = (id: string, name: string) => ({
  id,
  name,
  description: '',
  droplet_ids: [],
  size_gigabytes: 100,
  created_at: '2026-10-01T08:00:00Z',
  region: wireRegion('nyc3'),
  filesystem_type: 'ext4',
  filesystem_label: '',
  tags: [],
})

export const wireAddress = (ip: string) => ({
  ip,
  region: wireRegion('nyc3'),
  droplet: null,
  locked: false,
  project_id: '746c6152-2fa2-11ed-92d3-27aaa54e4988',
})

/** `2026-05-01T08:00:00Z` */
export const seconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
