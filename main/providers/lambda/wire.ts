import { z } from 'zod'

// As far as Sublet uses them; unknown fields are ignored. `jupyter_token` is left out on purpose.

export const wireErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string(), suggestion: z.string().optional() }),
})

const regionSchema = z.object({ name: z.string() })

export const wireTypeSchema = z.object({
  name: z.string(),
  /** `H100 (80 GB PCIe)`; `N/A` without GPU. */
  gpu_description: z.string(),
  /** Of the whole machine, in US cents. */
  price_cents_per_hour: z.int().nonnegative(),
  specs: z.object({
    vcpus: z.int(),
    memory_gib: z.number(),
    storage_gib: z.number(),
    gpus: z.int(),
  }),
})
export type WireType = z.infer<typeof wireTypeSchema>

/** `GET /instance-types`: by type name. */
export const typesSchema = z.object({
  data: z.record(
    z.string(),
    z.object({
      instance_type: wireTypeSchema,
      regions_with_capacity_available: z.array(regionSchema),
    }),
  ),
})

export const wireInstanceSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  ip: z.string().nullish(),
  status: z.enum(['booting', 'active', 'unhealthy', 'terminated', 'terminating', 'preempted']),
  region: regionSchema,
  instance_type: wireTypeSchema,
  tags: z.array(z.object({ key: z.string(), value: z.string() })).nullish(),
})
export type WireInstance = z.infer<typeof wireInstanceSchema>

export const instanceSchema = z.object({ data: wireInstanceSchema })
export const instancesSchema = z.object({ data: z.array(wireInstanceSchema) })
export const launchedSchema = z.object({ data: z.object({ instance_ids: z.array(z.string()) }) })
export const terminatedSchema = z.object({
  data: z.object({ terminated_instances: z.array(wireInstanceSchema) }),
})

export const keysSchema = z.object({
  data: z.array(z.object({ id: z.string(), name: z.string(), public_key: z.string() })),
})

/** `GET /file-systems`: they stay and are billed until they are deleted. */
export const filesystemsSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      created: z.string(),
      is_in_use: z.boolean(),
      region: regionSchema,
      bytes_used: z.int().nullish(),
    }),
  ),
})
