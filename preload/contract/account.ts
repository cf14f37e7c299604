import { z } from 'zod'

export const accountSummarySchema = z.object({
  id: z.string(),
  providerId: z.string(),
  name: z.string(),
  simulated: z.boolean(),
  /** Where its secrets are: never the secrets. */
  secretsIn: z.enum(['keychain', 'session', 'environment', 'none']),
})

export const accountStatusSchema = z.object({
  ok: z.boolean(),
  identity: z.string(),
  message: z.string(),
  balanceMicros: z.int().nullable(),
})

export const hostKeySchema = z.object({
  /** `ssh-ed25519 AAAA…` */
  key: z.string(),
  /** `SHA256:…`, as ssh-keygen -l prints it. */
  fingerprint: z.string(),
})
export type HostKey = z.infer<typeof hostKeySchema>

export const hostSummarySchema = z.object({
  name: z.string(),
  address: z.string(),
  user: z.string(),
  port: z.int(),
  keyFile: z.string().nullable(),
  rateMicrosPerHour: z.int().nullable(),
  fingerprints: z.array(z.string()),
})
export type HostSummary = z.infer<typeof hostSummarySchema>

/** Names only. A secret's value goes in and never comes out. */
export const secretSummarySchema = z.object({ name: z.string(), setAt: z.int() })

export const keychainStateSchema = z.object({
  kind: z.enum(['keychain', 'session']),
  sentence: z.string(),
})
