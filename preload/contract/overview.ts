import { z } from 'zod'
import { keychainStateSchema } from './account.ts'
import { jobIdSchema } from './job-state.ts'
import { microsSchema } from './money.ts'
import { radarSummarySchema, releaseStateSchema } from './radar.ts'
import { rentalIdSchema } from './rental.ts'

export const noticeKinds = [
  'job-done',
  'job-failed',
  'job-long',
  'gpu-idle',
  'budget-near',
  'no-lease',
  'leak',
] as const
export const noticeKindSchema = z.enum(noticeKinds)
export type NoticeKind = z.infer<typeof noticeKindSchema>

/** What may be done about a notice: end its job, let it go on and hear no more of it, look at it. */
export const noticeActionSchema = z.enum(['stop', 'keep', 'open'])
export type NoticeAction = z.infer<typeof noticeActionSchema>

/** Something the user should hear of once: in the window always, natively where the system can. */
export const noticeSchema = z.object({
  /** The same matter keeps its id, so that nobody hears of it twice. */
  id: z.string(),
  kind: noticeKindSchema,
  at: z.int(),
  jobId: jobIdSchema.nullable(),
  title: z.string(),
  sentence: z.string(),
  /** What its job has cost so far; null where it is about no job. */
  costMicros: microsSchema.nullable(),
  /** In the order of their buttons. */
  actions: z.array(noticeActionSchema),
})
export type Notice = z.infer<typeof noticeSchema>

/** A machine without receipt, as the frame and the tray speak of it. */
export const machineAtWorkSchema = z.object({
  rentalId: rentalIdSchema,
  /** `RTX 4090 · Sandbox, eu-central` */
  machine: z.string(),
  jobId: jobIdSchema.nullable(),
  jobName: z.string().nullable(),
  microsPerHour: microsSchema,
  simulated: z.boolean(),
  /** Null while no lease has been read back yet. */
  stopsByItself: z.boolean().nullable(),
  endsAt: z.int().nullable(),
  because: z.string(),
  /** Null until it is being released. */
  release: releaseStateSchema.nullable(),
})
export type MachineAtWork = z.infer<typeof machineAtWorkSchema>

/** Real money, or the practice cloud's. */
export const spendFiguresSchema = z.object({
  burnMicrosPerHour: microsSchema,
  todayMicros: microsSchema,
  monthMicros: microsSchema,
})
export type SpendFigures = z.infer<typeof spendFiguresSchema>

/** What is always in sight: the frame, the tray and the notifications draw from it. */
export const overviewSchema = z.object({
  /** Engine time of the figures, epoch ms. */
  at: z.int(),
  spend: spendFiguresSchema,
  practice: spendFiguresSchema,
  /** `2026-11` in the reporting zone. */
  month: z.string(),
  reportingZone: z.string(),
  /** The monthly budget over everything; null when there is none. */
  monthBudgetMicros: microsSchema.nullable(),
  machines: z.array(machineAtWorkSchema),
  activeJobs: z.int(),
  keychain: keychainStateSchema,
  radar: radarSummarySchema,
  /** Newest first; those of the last day, and those that still hold. */
  notices: z.array(noticeSchema),
})
export type Overview = z.infer<typeof overviewSchema>
