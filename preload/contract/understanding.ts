import { z } from 'zod'
import { jobSpecSchema } from './job-spec.ts'

/** What ignore rules leave behind. */
export const excludedSchema = z.object({ path: z.string(), bytes: z.int(), why: z.string() })

/** What Sublet understood of a request, read from this computer alone. */
export const understandingSchema = z.object({
  spec: jobSpecSchema,
  /** One sentence each: entry point, data, environment, torchrun … */
  understood: z.array(z.string()),
  warnings: z.array(z.string()),
  /** The work folder first, then the data in order; a file alone counts as one file. */
  inputs: z.array(
    z.object({
      kind: z.enum(['code', 'data']),
      path: z.string(),
      /** Below SUBLET_DATA; the work folder's own name for code. */
      name: z.string(),
      files: z.int(),
      bytes: z.int(),
    }),
  ),
  uploadBytes: z.int(),
  /** Left behind by ignore rules, the largest first; at most a few hundred. */
  excluded: z.array(excludedSchema),
  /** All that is left behind, also what `excluded` has no room for. */
  excludedBytes: z.int(),
})
export type Understanding = z.infer<typeof understandingSchema>
