import { z } from 'zod'
import { microsSchema } from './money.ts'

/** `sublet-<ulid>`, lower case: also the rental's name or tag at the provider. */
export const rentalIdSchema = z.string().regex(/^sublet-[0-9a-hjkmnp-tv-z]{26}$/)
export type RentalId = z.infer<typeof rentalIdSchema>

/** A provider's answers, redacted: what was asked, what came back, and when. */
export const evidenceSchema = z.array(
  z.object({ asked: z.string(), answered: z.string(), at: z.int() }),
)
export type Evidence = z.infer<typeof evidenceSchema>

/** The provider's own proof that a machine and all that was billed with it is gone. */
export const receiptSchema = z.object({
  rentalId: rentalIdSchema,
  providerId: z.string(),
  accountId: z.string(),
  /** The provider's id of the machine; null when the launch never took effect. */
  instanceId: z.string().nullable(),
  /** When the provider confirmed, epoch ms. */
  confirmedAt: z.int(),
  /** The interval the provider's own meter counted, where it says so. */
  billedFrom: z.int().nullable(),
  billedTo: z.int().nullable(),
  /** The provider's own total for the rental, where it says so. */
  billedMicros: microsSchema.nullable(),
  /** The provider's answers, redacted: what was asked and what came back. */
  evidence: evidenceSchema.min(1),
})
export type Receipt = z.infer<typeof receiptSchema>

/** One of the three levels that may end a rental, and until when it was last read back. */
export const leaseLevelSchema = z.object({
  level: z.enum(['provider', 'machine', 'client']),
  holds: z.boolean(),
  /** When this level ends the rental, epoch ms; null when it does not hold. */
  endsAt: z.int().nullable(),
  /** One plain sentence: why it holds or why not. */
  because: z.string(),
})
export type LeaseLevel = z.infer<typeof leaseLevelSchema>

/** "Stops by itself if this computer dies": true only if a level off this computer was read back. */
export const stopVerdictSchema = z.object({
  stopsByItself: z.boolean(),
  endsAt: z.int().nullable(),
  levels: z.array(leaseLevelSchema),
})
export type StopVerdict = z.infer<typeof stopVerdictSchema>

/**
 * The SSH host key that a machine is known by, and where we have it from: made here and sent along
 * at the launch, told by the provider, confirmed by the user, or the first that was seen.
 */
export const hostKeySchema = z.object({
  from: z.enum(['injected', 'published', 'confirmed', 'first-use']),
  /** `SHA256:…` */
  fingerprint: z.string(),
  /**
   * For an injected one, which stands in the machine's user data: why it could not be replaced by one
   * made on the machine; null where it was.
   */
  keptBecause: z.string().nullable(),
})
export type HostKey = z.infer<typeof hostKeySchema>

/** Something on an account that costs money, ours or not. */
export const billableSchema = z.object({
  kind: z.enum(['machine', 'disk', 'address', 'spot-request', 'other']),
  providerId: z.string(),
  accountId: z.string(),
  /** The provider's own id. */
  nativeId: z.string(),
  name: z.string(),
  /** Set when the name or tag is one of ours. */
  rentalId: rentalIdSchema.nullable(),
  /** The Sublet home that made it, from its tag; null for a stranger's. */
  homeId: z.string().nullable(),
  state: z.string(),
  region: z.string(),
  microsPerHour: microsSchema.nullable(),
  createdAt: z.int().nullable(),
  /** The provider's id of the machine it was made for; absent where the provider does not say. */
  belongsTo: z.string().nullable().exactOptional(),
})
export type Billable = z.infer<typeof billableSchema>
