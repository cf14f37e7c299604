import { z } from 'zod'

// As far as Sublet uses them; unknown fields are ignored. "Paperspace OpenAPI v1", as kept by
// github.com/PierreBeucher/cloudypad of 2024-08. The password of shared drives is left out on purpose.

export const wireErrorSchema = z.object({ message: z.string(), code: z.string() })

/** One page of a list, and where it goes on. */
function page<T extends z.ZodType>(item: T) {
  return z.object({ hasMore: z.boolean(), nextPage: z.string().nullish(), items: z.array(item) })
}

/** Null: the key is nobody's. */
export const sessionSchema = z
  .object({
    user: z.object({ email: z.string() }),
    team: z.object({ namespace: z.string(), maxMachines: z.number() }),
  })
  .nullable()

export const wireTemplateSchema = z.object({
  id: z.string(),
  name: z.string(),
  operatingSystemLabel: z.string(),
  /** GB. */
  defaultSizeGb: z.number().nullable(),
  availableMachineTypes: z.array(
    z.object({ machineTypeLabel: z.string(), isAvailable: z.boolean() }),
  ),
  dtCreated: z.string(),
})
export type WireTemplate = z.infer<typeof wireTemplateSchema>
export const templatesSchema = page(wireTemplateSchema)

export const availabilitySchema = z.object({ available: z.boolean() })

export const wireMachineSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum([
    'off',
    'starting',
    'stopping',
    'restarting',
    'serviceready',
    'ready',
    'upgrading',
    'provisioning',
  ]),
  machineType: z.string(),
  region: z.string(),
  publicIp: z.string().nullable(),
  /** Unit not documented; taken for US dollars an hour where that is plausible. */
  usageRate: z.number(),
  dtCreated: z.string(),
  dtDeleted: z.string().nullable(),
})
export type WireMachine = z.infer<typeof wireMachineSchema>
export const machinesSchema = page(wireMachineSchema)
export const launchedSchema = z.object({ data: wireMachineSchema })

export const eventsSchema = page(
  z.object({ name: z.string(), state: z.string(), error: z.string().nullable() }),
)

export const wireScriptSchema = z.object({ id: z.string(), name: z.string() })
export const scriptsSchema = page(wireScriptSchema)

export const wireAddressSchema = z.object({
  ip: z.string(),
  region: z.string(),
  assignedMachineId: z.string().nullish(),
  dtCreated: z.string(),
})
export type WireAddress = z.infer<typeof wireAddressSchema>
export const addressesSchema = page(wireAddressSchema)

export const wireDriveSchema = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  dtCreated: z.string(),
  dtDeleted: z.string().nullish(),
})
export type WireDrive = z.infer<typeof wireDriveSchema>
export const drivesSchema = page(wireDriveSchema)

/** Snapshots, templates of one's own and private networks. */
export const wireKeptSchema = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string().nullish(),
  dtCreated: z.string().nullish(),
  dtDeleted: z.string().nullish(),
})
export type WireKept = z.infer<typeof wireKeptSchema>
export const keptSchema = page(wireKeptSchema)
