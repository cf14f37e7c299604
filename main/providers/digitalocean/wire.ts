import { z } from 'zod'

// As far as Sublet uses them; unknown fields are ignored. `github.com/digitalocean/openapi` of 2026-08-07.

export const wireErrorSchema = z.object({ id: z.string(), message: z.string() })

/** What every list has beside its rows: where it goes on. */
const paged = {
  links: z.object({ pages: z.object({ next: z.string().optional() }).nullish() }).nullish(),
}

export const wireSizeSchema = z.object({
  slug: z.string(),
  /** MiB. */
  memory: z.number(),
  vcpus: z.int(),
  /** GB of the boot disk; a scratch disk that some have is not in it. */
  disk: z.number(),
  /** US dollars of the whole droplet. */
  price_hourly: z.number().nonnegative(),
  regions: z.array(z.string()),
  available: z.boolean(),
  gpu_info: z
    .object({
      count: z.int(),
      /** `nvidia_h100`, `nvidia_rtx6000_ada`, `amd_mi300x`. */
      model: z.string(),
      vram: z.object({ amount: z.number(), unit: z.string() }),
    })
    .nullish(),
})
export type WireSize = z.infer<typeof wireSizeSchema>

export const sizesSchema = z.object({ sizes: z.array(wireSizeSchema), ...paged })

export const wireDropletSchema = z.object({
  id: z.int(),
  name: z.string(),
  status: z.enum(['new', 'active', 'off', 'archive']),
  created_at: z.string(),
  tags: z.array(z.string()),
  size: wireSizeSchema,
  region: z.object({ slug: z.string() }),
  networks: z.object({
    v4: z.array(z.object({ ip_address: z.string(), type: z.string() })).optional(),
  }),
})
export type WireDroplet = z.infer<typeof wireDropletSchema>

export const dropletSchema = z.object({ droplet: wireDropletSchema })
export const dropletsSchema = z.object({ droplets: z.array(wireDropletSchema), ...paged })

export const actionsSchema = z.object({
  actions: z.array(z.object({ status: z.string(), type: z.string() })),
  ...paged,
})

const wireKeySchema = z.object({ id: z.int(), name: z.string(), public_key: z.string() })
export const keySchema = z.object({ ssh_key: wireKeySchema })
export const keysSchema = z.object({ ssh_keys: z.array(wireKeySchema), ...paged })

export const wireVolumeSchema = z.object({
  id: z.string(),
  name: z.string(),
  size_gigabytes: z.number(),
  created_at: z.string(),
  region: z.object({ slug: z.string() }),
  droplet_ids: z.array(z.int()).nullish(),
})
export type WireVolume = z.infer<typeof wireVolumeSchema>
export const volumesSchema = z.object({ volumes: z.array(wireVolumeSchema), ...paged })

export const wireAddressSchema = z.object({
  ip: z.string(),
  region: z.object({ slug: z.string() }),
  droplet: z.object({ id: z.int() }).nullish(),
})
export type WireAddress = z.infer<typeof wireAddressSchema>
export const addressesSchema = z.object({ reserved_ips: z.array(wireAddressSchema), ...paged })

/** Snapshots of volumes have ids that are text, images of droplets numbers. */
export const wireImageSchema = z.object({
  id: z.union([z.string(), z.int()]),
  name: z.string(),
  created_at: z.string(),
  regions: z.array(z.string()),
  size_gigabytes: z.number().nullish(),
})
export type WireImage = z.infer<typeof wireImageSchema>
export const snapshotsSchema = z.object({ snapshots: z.array(wireImageSchema), ...paged })
export const imagesSchema = z.object({ images: z.array(wireImageSchema), ...paged })

export const accountSchema = z.object({
  account: z.object({
    email: z.string(),
    uuid: z.string(),
    status: z.enum(['active', 'warning', 'locked']),
    status_message: z.string(),
    team: z.object({ uuid: z.string().optional(), name: z.string().optional() }).nullish(),
  }),
})

/** Amounts in US dollars as text; positive: owed. */
export const balanceSchema = z.object({
  month_to_date_balance: z.string(),
  month_to_date_usage: z.string(),
})

export const insightsSchema = z.object({
  data_points: z.array(
    z.object({
      start_date: z.string(),
      /** US dollars as text. */
      total_amount: z.string(),
      /** `name of the droplet (its size)`. */
      description: z.string(),
    }),
  ),
  total_pages: z.int(),
})
