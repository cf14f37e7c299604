import { z } from 'zod'
import { jobIdSchema } from '../job-state.ts'
import { ledgerEntrySchema } from '../ledger.ts'
import { microsSchema } from '../money.ts'
import { call, stream } from '../procedure.ts'
import { releaseStateSchema } from '../radar.ts'
import { receiptSchema, rentalIdSchema } from '../rental.ts'
import {
  monthSchema,
  spendGroupSchema,
  spendKeySchema,
  spendMonthSchema,
  spendQuerySchema,
  spendRowSchema,
} from '../spend.ts'
import { nothing } from './common.ts'

/** The procedures about the books. */
export const ledgerService = {
  list: call(
    z.object({
      from: z.int().optional(),
      to: z.int().optional(),
      jobId: jobIdSchema.optional(),
    }),
    z.object({ entries: z.array(ledgerEntrySchema), totalMicros: microsSchema }),
  ),
  /** One month of the reporting zone in figures; the present one where absent. */
  month: call(
    z.object({ month: monthSchema.optional(), simulated: z.boolean() }),
    spendMonthSchema,
  ),
  /** The months that have entries, newest first; always with the present one. */
  months: call(
    nothing,
    z.object({
      zone: z.string(),
      months: z.array(
        z.object({ month: monthSchema, micros: microsSchema, simulatedMicros: microsSchema }),
      ),
    }),
  ),
  /** Sums dearest first, idle time apart; what is beyond the first 100 is summed up. */
  groups: call(
    z.object({ ...spendQuerySchema.shape, by: spendKeySchema }),
    z.object({
      groups: z.array(spendGroupSchema),
      restCount: z.int(),
      restMicros: microsSchema,
      totalMicros: microsSchema,
    }),
  ),
  /** What jobs cost on machines, newest first (open ones before all), a page at a time. */
  entries: call(
    z.object({
      ...spendQuerySchema.shape,
      offset: z.int().nonnegative(),
      count: z.int().positive().max(500),
    }),
    z.object({ total: z.int(), totalMicros: microsSchema, rows: z.array(spendRowSchema) }),
  ),
  /**
   * The providers' proofs that the machines of a job, or one machine, are gone; oldest rental
   * first. Several of one rental where a machine showed up again after its receipt.
   */
  receipts: call(
    z.object({ jobId: jobIdSchema.optional(), rentalId: rentalIdSchema.optional() }),
    z.object({
      rentals: z.array(
        z.object({
          rentalId: rentalIdSchema,
          /** `RTX 4090 · Sandbox, eu-central` */
          machine: z.string(),
          jobName: z.string().nullable(),
          simulated: z.boolean(),
          /** What the books say of the whole rental now. */
          micros: microsSchema,
          receipts: z.array(receiptSchema),
          /** Null once there is a receipt, and while it is in use. */
          releasing: releaseStateSchema.nullable(),
        }),
      ),
    }),
  ),
  /** The entries as a file, in pieces; joined they are the whole. */
  export: stream(
    z.object({ ...spendQuerySchema.shape, format: z.enum(['csv', 'json']) }),
    z.object({ fileName: z.string(), mediaType: z.string() }),
    z.object({ text: z.string() }),
  ),
} as const
