import { z } from 'zod'
import { errorCodeSchema } from './errors.ts'
import { leaseLevelSchema } from './rental.ts'

export const accountStatusSchema = z.object({
  ok: z.boolean(),
  identity: z.string(),
  message: z.string(),
  balanceMicros: z.int().nullable(),
  /** What kind of failure it was, where the provider's answer has one. */
  code: errorCodeSchema.optional(),
})

/** What the last check said, and when; a check is remembered while the engine lives. */
export const lastCheckSchema = accountStatusSchema.extend({ at: z.int() })
export type LastCheck = z.infer<typeof lastCheckSchema>

/** Who can end a machine of an account, as its provider states it, before anything is rented. */
export const stopAbilitySchema = z.object({
  /** A level other than this computer can end it. */
  stopsByItself: z.boolean(),
  levels: z.array(leaseLevelSchema.omit({ endsAt: true })),
})
export type StopAbility = z.infer<typeof stopAbilitySchema>

export const accountSummarySchema = z.object({
  id: z.string(),
  providerId: z.string(),
  name: z.string(),
  simulated: z.boolean(),
  /** Where its secrets are: never the secrets. */
  secretsIn: z.enum(['keychain', 'session', 'environment', 'none']),
  lastCheck: lastCheckSchema.nullable(),
  stop: stopAbilitySchema,
})
export type AccountSummary = z.infer<typeof accountSummarySchema>

/** Which values of an account's form the provider needs, and how to get them. */
export const accountFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  secret: z.boolean(),
  /** It may stay empty. */
  optional: z.literal(true).exactOptional(),
  help: z.string(),
  /** Regular expression that a plausible value matches as a whole. */
  pattern: z.string().nullable(),
  /** An example of the form, never a real value. */
  placeholder: z.string().nullable(),
  link: z.string().nullable(),
  environmentVariable: z.string().nullable(),
})
export type AccountField = z.infer<typeof accountFieldSchema>

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
  accountId: z.string(),
  /** As the user wrote it: `user@host:port`, or an alias of ~/.ssh/config. */
  target: z.string(),
  lastCheck: lastCheckSchema.nullable(),
  stop: stopAbilitySchema,
})
export type HostSummary = z.infer<typeof hostSummarySchema>

/** Names only. A secret's value goes in and never comes out. */
export const secretSummarySchema = z.object({
  name: z.string(),
  setAt: z.int(),
  keptIn: z.enum(['keychain', 'session']),
})

export const keychainStateSchema = z.object({
  kind: z.enum(['keychain', 'session']),
  sentence: z.string(),
})
export type KeychainState = z.infer<typeof keychainStateSchema>
