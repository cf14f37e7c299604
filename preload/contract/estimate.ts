import { z } from 'zod'
import { collectionSchema } from './collection.ts'
import { microsSchema } from './money.ts'

/** One part of what finishing costs, and why. */
export const costPartSchema = z.object({
  part: z.enum(['compute', 'storage', 'egress']),
  micros: microsSchema,
  because: z.string(),
})

/** What finishing costs on one offer, low to high, with the reasons. */
export const estimateSchema = z.object({
  lowMicros: microsSchema,
  expectedMicros: microsSchema,
  highMicros: microsSchema,
  expectedDurationMs: z.int(),
  /** Whether it rests on an earlier run; absent in what older versions wrote. */
  runKnown: z.boolean().exactOptional(),
  /** How much its results were expected to be; absent in what older versions wrote. */
  results: z
    .object({ bytes: z.int().nonnegative(), sizeFrom: collectionSchema.shape.sizeFrom })
    .exactOptional(),
  parts: z.array(costPartSchema),
  reasons: z.array(z.string()),
})
export type Estimate = z.infer<typeof estimateSchema>
