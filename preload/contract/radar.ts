import { z } from 'zod'
import { microsSchema } from './money.ts'

/**
 * What something that costs money is there for, by this home's journal: `in-use`: a job or its warm
 * time; `releasing`: it goes; `unused`: this Sublet made it and nothing needs it; `stranger`: of
 * another Sublet, or not of Sublet at all.
 */
export const billableUseSchema = z.enum(['in-use', 'releasing', 'unused', 'stranger'])
export type BillableUse = z.infer<typeof billableUseSchema>

/** How far the release of a machine has come. */
export const releaseStateSchema = z.object({
  /** When it was first asked for, engine time. */
  since: z.int(),
  /** What it waits for, or what it failed with and what to do. */
  sentence: z.string(),
  /** It takes longer than providers take, or cannot go on without the user: a red mark. */
  red: z.boolean(),
})
export type ReleaseState = z.infer<typeof releaseStateSchema>

/** Some billables together; those without a known price are counted, never taken for free. */
export const billableSumSchema = z.object({
  count: z.int(),
  microsPerHour: microsSchema,
  /** 730 hours. */
  microsPerMonth: microsSchema,
  /** How many of them have no known price. */
  unpriced: z.int(),
})
export type BillableSum = z.infer<typeof billableSumSchema>

const leftSchema = z.object({
  /** Made by this Sublet, and nothing needs it: a red mark. */
  unused: billableSumSchema,
  /** Of other Sublets, or not of Sublet at all. */
  strangers: billableSumSchema,
})

/** What the leak radar found, as the frame, the tray and the question at quitting speak of it. */
export const radarSummarySchema = z.object({
  /** When the account that was asked the longest ago was asked; null before the first time. */
  checkedAt: z.int().nullable(),
  real: leftSchema,
  /** The practice cloud's: never added to real money. */
  practice: leftSchema,
  /** `forgotten-box (lab)`: a few names of what is unused. */
  names: z.array(z.string()),
  /** Which accounts could not be asked, in a sentence each. */
  problems: z.array(z.string()),
})
export type RadarSummary = z.infer<typeof radarSummarySchema>
