import { z } from 'zod'

/** The variable that names the plan's file to an engine process. */
export const planVariable = 'SUBLET_ENGINE_TEST_KILLS'

/** Before: the effect has happened and is not recorded. After: it is recorded, and nothing since. */
export const momentSchema = z.enum(['before', 'after'])
export type Moment = z.infer<typeof momentSchema>

/** One kill at a committed write of the journal or the books. */
export const strikeSchema = z.object({
  moment: momentSchema,
  /** By what it writes, and the how-maniest time; or simply the n-th write of that engine, from 1. */
  at: z.union([
    z.object({ label: z.string(), occurrence: z.int().positive() }),
    z.object({ nth: z.int().positive() }),
  ]),
})
export type Strike = z.infer<typeof strikeSchema>

/** Strikes of one injection, one after the other, each in an engine of its own. */
export const planSchema = z.object({ run: z.string(), strikes: z.array(strikeSchema) })
export type KillPlan = z.infer<typeof planSchema>

/** Beside the plan: a line `run label` for each write that was committed. */
export const traceOf = (planFile: string): string => `${planFile}.trace`
/** Likewise: a line `run moment label` for each strike, written just before it. */
export const strikesOf = (planFile: string): string => `${planFile}.strikes`
