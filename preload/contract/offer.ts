import { z } from 'zod'
import { microsSchema } from './money.ts'

/** How a provider turns time into money. Every price the meter uses comes with these terms. */
export const billingTermsSchema = z.object({
  /** Time is rounded up to a multiple of this. */
  incrementMs: z.int().positive(),
  /** At least this much time is billed per rental. */
  minimumMs: z.int().nonnegative(),
  /** Whether the provider's meter starts when the launch is accepted or when the machine runs. */
  startsAt: z.enum(['launch', 'running']),
  /** Price of the disk that comes with the machine, on top of the hourly price; 0 when included. */
  diskMicrosPerGibHour: microsSchema,
  /** Price of traffic out of the machine, per GiB; 0 when free. */
  egressMicrosPerGib: microsSchema,
})
export type BillingTerms = z.infer<typeof billingTermsSchema>

export const gpuSchema = z.object({
  /** Normalised name without count, memory or form factor: `H100`, `RTX 4090`. */
  name: z.string().min(1),
  vendor: z.enum(['nvidia', 'amd']),
  count: z.int().positive(),
  /** Memory of one GPU. */
  vramGiB: z.number().positive(),
})
export type Gpu = z.infer<typeof gpuSchema>

/** A machine that could be rented: priced, at a time, from a source, under billing terms. */
export const offerSchema = z.object({
  /** Unique over all providers and accounts: `<provider>:<account>:<type>:<region>:<od|spot>`. */
  id: z.string().min(1),
  providerId: z.string().min(1),
  accountId: z.string().min(1),
  /** The provider's own name of the machine type, passed back to `launch`. */
  machineType: z.string().min(1),
  region: z.string(),
  /** Null for a machine without GPU. */
  gpu: gpuSchema.nullable(),
  /** Null where the provider does not say it before the machine is there. */
  vcpus: z.int().positive().nullable(),
  /** Null likewise. */
  memoryGiB: z.number().positive().nullable(),
  diskGiB: z.number().nonnegative(),
  arch: z.enum(['x86_64', 'arm64']),
  spot: z.boolean(),
  microsPerHour: microsSchema,
  /**
   * What the same machine costs an hour when it is reserved for a year without payment in front,
   * where its provider says so. For comparison only: Sublet reserves nothing.
   */
  reservedMicrosPerHour: microsSchema.exactOptional(),
  billing: billingTermsSchema,
  availability: z.enum(['available', 'unknown', 'none', 'no-quota']),
  /** Launch accepted to SSH reachable, as the provider or our own history says. */
  expectedBootMs: z.int().nonnegative(),
  /** Share of rentals that end as wanted, 0..1, where the provider says. */
  reliability: z.number().min(0).max(1).optional(),
  /** When the price was read, epoch ms. */
  fetchedAt: z.int(),
  /** Where the price was read: a live API, the bundled dated snapshot, or the user's own rate. */
  source: z.enum(['live', 'snapshot', 'own']),
  /** True for the practice cloud: nothing is really rented and no money is spent. */
  simulated: z.boolean(),
})
export type Offer = z.infer<typeof offerSchema>

/** How asking one account for offers went. */
export const offerSourceSchema = z.object({
  providerId: z.string(),
  accountId: z.string(),
  ok: z.boolean(),
  sentence: z.string(),
  /** Rows that could not be true, left out. */
  dropped: z.int(),
})

/** What a job needs of a machine; absent fields do not restrict. */
export const offerQuerySchema = z.object({
  providerId: z.string().optional(),
  accountId: z.string().optional(),
  region: z.string().optional(),
  /** Exactly this machine type, as the provider names it: what choosing one offer pins. */
  machineType: z.string().optional(),
  /** Matched against the normalised GPU name, case and punctuation ignored. */
  gpuName: z.string().optional(),
  minVramGiB: z.number().positive().optional(),
  /** GPUs in one machine; 0 allows machines without. */
  gpus: z.int().nonnegative().optional(),
  spot: z.boolean().optional(),
  maxMicrosPerHour: microsSchema.optional(),
  minDiskGiB: z.number().nonnegative().optional(),
  arch: z.enum(['x86_64', 'arm64']).optional(),
})
export type OfferQuery = z.infer<typeof offerQuerySchema>
