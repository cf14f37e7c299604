import { z } from 'zod'
import { jobIdSchema } from './job-state.ts'
import { ledgerEntrySchema } from './ledger.ts'
import { microsSchema } from './money.ts'
import { rentalIdSchema } from './rental.ts'

/** `2026-03`: a calendar month of the reporting zone. */
export const monthSchema = z.string().regex(/^\d{4}-\d\d$/)

/** What part of the books a question is about. A month, or [from, to); all time where absent. */
export const spendQuerySchema = z.object({
  month: monthSchema.optional(),
  from: z.int().optional(),
  to: z.int().optional(),
  /** Practice money, or real money: never both in one sum. */
  simulated: z.boolean(),
  jobId: jobIdSchema.optional(),
  providerId: z.string().optional(),
  /** Null: what belongs to no project. */
  project: z.string().nullable().optional(),
  /** Null: machines without GPU. */
  gpu: z.string().nullable().optional(),
  /** True: only time that was paid for while no job used it; false: all but that. */
  idle: z.boolean().optional(),
})
export type SpendQuery = z.infer<typeof spendQuerySchema>

export const spendDaySchema = z.object({
  /** `2026-03-29` */
  day: z.string(),
  from: z.int(),
  to: z.int(),
  micros: microsSchema,
  idleMicros: microsSchema,
})
export type SpendDay = z.infer<typeof spendDaySchema>

/** A month in figures, of one kind of money; open rentals are priced as of now. */
export const spendMonthSchema = z.object({
  month: monthSchema,
  zone: z.string(),
  from: z.int(),
  to: z.int(),
  /** When this was reckoned, engine time. */
  at: z.int(),
  simulated: z.boolean(),
  totalMicros: microsSchema,
  /** The month's total of the other kind of money. */
  otherMicros: microsSchema,
  days: z.array(spendDaySchema),
  /** What the whole month is expected to cost; null for a past month or without anything to go by. */
  forecastMicros: microsSchema.nullable(),
  /** How that was reckoned, or why it was not. */
  forecastBecause: z.string(),
  idleMicros: microsSchema,
  /** Seconds paid for of which it is known how many were used, and those used. */
  billedMs: z.int(),
  usefulMs: z.int(),
  /** How far off the last estimates were (median, 0.04 is 4 %), of how many rentals; null without any. */
  accuracy: z.object({ off: z.number(), count: z.int() }).nullable(),
  /** Rentals that may still cost money. */
  openRentals: z.int(),
})
export type SpendMonth = z.infer<typeof spendMonthSchema>

export const spendKeySchema = z.enum(['project', 'provider', 'gpu', 'job'])
export type SpendKey = z.infer<typeof spendKeySchema>

export const spendGroupSchema = z.object({
  /** The project, provider, GPU or job id; null where the entries have none. */
  key: z.string().nullable(),
  label: z.string(),
  micros: microsSchema,
  /** Paid for while no job used it; always a group of its own. */
  idle: z.boolean(),
})
export type SpendGroup = z.infer<typeof spendGroupSchema>

/** What a job cost on a machine, the three figures beside each other; without job: idle time. */
export const spendRowSchema = ledgerEntrySchema
  .pick({
    rentalId: true,
    accountId: true,
    providerId: true,
    jobId: true,
    jobName: true,
    project: true,
    gpu: true,
    from: true,
    to: true,
    status: true,
    simulated: true,
    receiptAt: true,
    billedMs: true,
    usefulMs: true,
    estimateMicros: true,
    meteredMicros: true,
  })
  .extend({
    rentalId: rentalIdSchema,
    /** The firmest figure there is. */
    micros: microsSchema,
    /** By the provider's own account; null until it has said so. */
    reconciledMicros: microsSchema.nullable(),
  })
export type SpendRow = z.infer<typeof spendRowSchema>
