import { z } from 'zod'
import { budgetLimitSchema } from './budget.ts'
import { ceilingSchema } from './ceiling.ts'
import { collectionSchema } from './collection.ts'
import { estimateSchema } from './estimate.ts'
import { jobSpecSchema } from './job-spec.ts'
import { gpuSchema, offerSchema, offerSourceSchema } from './offer.ts'
import { rentalIdSchema, stopVerdictSchema } from './rental.ts'
import { excludedSchema } from './understanding.ts'

/** One way to run the job: what finishing costs there, and whether it ends by itself. */
export const runOptionSchema = z.object({
  offer: offerSchema,
  estimate: estimateSchema,
  collection: collectionSchema,
  stopsByItself: z.boolean(),
  /** Why it does or does not, in plain sentences. */
  stopsBecause: z.string(),
})
export type RunOption = z.infer<typeof runOptionSchema>

/** What Sublet understood of a request and would do, before anything is rented. */
export const proposalSchema = z.object({
  spec: jobSpecSchema,
  /** One sentence each: entry point, data, environment, torchrun … */
  understood: z.array(z.string()),
  warnings: z.array(z.string()),
  /** Left behind by ignore rules, when over 1 MB in all. */
  excluded: z.array(excludedSchema),
  uploadBytes: z.int(),
  /** The best ways to run it, in order; the chosen one is among them. */
  options: z.array(runOptionSchema),
  /** How many offers fit and can be had, `options` included. */
  offersTotal: z.int(),
  /** The offer that ceiling, estimate and verdict are for: the wanted one, else the best. */
  chosenOfferId: z.string(),
  /** Why the wanted offer was not taken; null when it was, or when none was wanted. */
  wantedProblem: z.string().nullable(),
  /** One per account asked: fine, or why its offers are missing. */
  sources: z.array(offerSourceSchema),
  /** How many earlier runs the expected time rests on. */
  earlierRuns: z.int(),
  /** Best first; never empty. */
  offers: z.array(offerSchema).min(1),
  estimate: estimateSchema,
  /** What bringing the results home from the best offer takes; part of the estimate. */
  collection: collectionSchema,
  ceiling: ceilingSchema,
  /** The budget of a day or month that ends it before `ceiling.endBy`; null when none does. */
  budgetLimit: budgetLimitSchema.nullable(),
  /** What the lease will be able to promise on the best offer. */
  verdict: stopVerdictSchema,
  /** A kept-warm machine that fits, used first. */
  warm: z.object({ rentalId: rentalIdSchema, gpu: gpuSchema.nullable() }).nullable(),
})
export type Proposal = z.infer<typeof proposalSchema>
