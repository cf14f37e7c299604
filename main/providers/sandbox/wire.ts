import { z } from 'zod'
import { microsSchema } from '../../../preload/contract/money.ts'
import { billingTermsSchema, gpuSchema } from '../../../preload/contract/offer.ts'

/** The sandbox's answers, as far as we use them. Times are epoch ms on its clock. */
export const endpointSchema = z.object({
  url: z.url(),
  token: z.string(),
  pid: z.int(),
  startedAt: z.int(),
})
export type Endpoint = z.infer<typeof endpointSchema>

export const summarySchema = z.object({ machines: z.int(), billedMicros: z.int() })

export const wireAccountSchema = z.object({ identity: z.string(), balanceMicros: z.int() })

export const wireOfferSchema = z.object({
  type: z.string(),
  region: z.string(),
  spot: z.boolean(),
  gpu: gpuSchema.nullable(),
  vcpus: z.int(),
  memoryGiB: z.number(),
  diskGiB: z.number(),
  arch: z.enum(['x86_64', 'arm64']),
  microsPerHour: microsSchema,
  terms: billingTermsSchema,
  available: z.int(),
  bootMs: z.int(),
})
export type WireOffer = z.infer<typeof wireOfferSchema>

export const wireMachineSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['booting', 'running', 'releasing', 'ended', 'failed']),
  message: z.string().nullable(),
  microsPerHour: z.int(),
  reclaimAt: z.int().nullable(),
  expiresAt: z.int().nullable(),
  ssh: z
    .object({ host: z.string(), port: z.int(), user: z.string(), hostKeys: z.array(z.string()) })
    .nullable(),
  billing: z.object({
    billedFrom: z.int().nullable(),
    billedTo: z.int().nullable(),
    billedMicros: microsSchema,
  }),
})
export type WireMachine = z.infer<typeof wireMachineSchema>

export const wireBillableSchema = z.object({
  kind: z.enum(['machine', 'disk', 'address', 'spot-request']),
  id: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()),
  region: z.string(),
  state: z.string(),
  microsPerHour: microsSchema.nullable(),
  createdAt: z.int(),
  /** The machine it was made for. */
  machineId: z.string().nullable().default(null),
})
export type WireBillable = z.infer<typeof wireBillableSchema>

export const expirySchema = z.object({ expiresAt: z.int().nullable() })

/** One page of a list. */
export const pageSchema = <T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> =>
  z.object({ items: z.array(item), next: z.string().nullable() })

export const wireErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
})
