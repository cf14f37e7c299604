import { z } from 'zod'
import { jobIdSchema } from './job-state.ts'
import { microsSchema } from './money.ts'
import { rentalIdSchema } from './rental.ts'

/** One line of the books: what a part of a rental cost, in whole micro-dollars. */
export const ledgerEntrySchema = z.object({
  id: z.string(),
  rentalId: rentalIdSchema,
  accountId: z.string(),
  providerId: z.string(),
  /** Null for time that no job used (a kept-warm machine between jobs). */
  jobId: jobIdSchema.nullable(),
  jobName: z.string().nullable(),
  project: z.string().nullable(),
  gpu: z.string().nullable(),
  part: z.enum(['compute', 'storage', 'egress', 'idle']),
  /** The interval it pays for, epoch ms. */
  from: z.int(),
  to: z.int(),
  micros: microsSchema,
  /** The same by our own meter; differs where the provider's own figure is in `micros`. */
  meteredMicros: microsSchema,
  /** The seconds paid for, rounded as the provider rounds; 0 for storage and traffic. */
  billedMs: z.int(),
  /** Of those, the time in which a job's own program ran; null where it is not known. */
  usefulMs: z.int().nullable(),
  /** Estimated: still running. Metered: our own clock. Reconciled: the provider's own figure. */
  status: z.enum(['estimated', 'metered', 'reconciled']),
  /** What was expected at launch, for the whole rental; on the compute line only. */
  estimateMicros: microsSchema.nullable(),
  /** When the provider confirmed that the rental is gone; null while it may live. */
  receiptAt: z.int().nullable(),
  simulated: z.boolean(),
})
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>
