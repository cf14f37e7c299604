import { z } from 'zod'
import { jobIdSchema } from '../job.ts'
import { ledgerEntrySchema } from '../ledger.ts'
import { microsSchema } from '../money.ts'
import { call } from '../procedure.ts'

/** The procedures about ledger. */
export const ledgerService = {
  list: call(
    z.object({
      from: z.int().optional(),
      to: z.int().optional(),
      jobId: jobIdSchema.optional(),
    }),
    z.object({ entries: z.array(ledgerEntrySchema), totalMicros: microsSchema }),
  ),
} as const
