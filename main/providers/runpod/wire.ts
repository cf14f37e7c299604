import { z } from 'zod'

// As far as Sublet uses them; unknown fields are ignored. Of a pod's `env` only our own is kept:
// others' hold secrets.

/** `application/problem+json`. */
export const wireErrorSchema = z.object({
  detail: z.string(),
  errors: z.array(z.string()).optional(),
})

/** `NONE`, `LOW`, `MEDIUM`, `HIGH`. */
const availabilitySchema = z.string()

export const wireGpuSchema = z.object({
  id: z.string(),
  /** `NVIDIA`, `AMD`, `UNKNOWN`. */
  manufacturer: z.string(),
  /** Of one GPU, in GB as it is sold. */
  memory: z.number(),
  secure: z.boolean(),
  community: z.boolean(),
  /** US dollars an hour for one GPU. */
  price: z.object({ secure: z.number(), community: z.number() }),
  /** GPUs of the largest machine: a ceiling, not a stock. */
  maxCount: z.object({ secure: z.int(), community: z.int() }),
  availability: availabilitySchema.optional(),
  dataCenters: z.array(z.object({ id: z.string(), availability: availabilitySchema })).optional(),
  cudaVersions: z.array(z.object({ version: z.string(), available: z.boolean() })).optional(),
})
export type WireGpu = z.infer<typeof wireGpuSchema>

/** `GET /v2/catalog/gpus`. */
export const gpusSchema = z.object({ gpus: z.array(wireGpuSchema) })

const sshEndpointSchema = z.object({ host: z.string(), port: z.int(), username: z.string() })

export const wirePodSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `PROVISIONING`, `STARTING`, `RUNNING`, `EXITED`, `ERROR`, `TERMINATED`. */
  status: z.string(),
  env: z.object({ SUBLET_HOME_ID: z.string().optional() }).nullish(),
  /** `SECURE`, `COMMUNITY`. */
  cloud: z.string(),
  dataCenterId: z.string().nullable(),
  /** US dollars an hour for the whole pod; 0 while it is stopped. */
  cost: z.number(),
  /** `size` in GB. */
  mounts: z.object({ persistent: z.object({ size: z.number() }).nullish() }).nullish(),
  ssh: z.object({ direct: sshEndpointSchema.nullable() }),
  cluster: z.object({ id: z.string() }).nullish(),
  createdAt: z.string(),
})
export type WirePod = z.infer<typeof wirePodSchema>

/** `GET /v2/pods`: all at once. */
export const podsSchema = z.object({ pods: z.array(wirePodSchema) })

/** `GET /v2/network-volumes`: they stay and are billed until they are deleted. */
export const volumesSchema = z.object({
  networkVolumes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** In GB. */
      size: z.number(),
      dataCenter: z.string(),
      type: z.string(),
    }),
  ),
})
export type WireVolume = z.infer<typeof volumesSchema>['networkVolumes'][number]

/** `GET /v2/serverless`: their least workers are billed whether there is work or not. */
export const endpointsSchema = z.object({
  endpoints: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      workers: z.object({ min: z.int().optional() }),
      createdAt: z.string(),
    }),
  ),
})

/** `GET /v2/billing/pods`. */
export const podBillingSchema = z.object({
  records: z.array(
    z.object({
      podId: z.string(),
      startTime: z.string(),
      endTime: z.string(),
      /** US dollars. */
      totalAmount: z.number(),
    }),
  ),
})

/** GraphQL: an error is an answer without `data`. */
export const myselfSchema = z.object({
  data: z
    .object({
      myself: z.object({ email: z.string().nullish(), clientBalance: z.number().nullish() }),
    })
    .nullish(),
})
