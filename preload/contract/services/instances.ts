import { z } from 'zod'
import { jobIdSchema } from '../job.ts'
import { call } from '../procedure.ts'
import { billableSchema, rentalIdSchema } from '../rental.ts'
import { nothing, clientEnvironment } from './common.ts'

/** The procedures about instances. */
export const instancesService = {
  list: call(
    z.object({ environment: clientEnvironment }),
    z.object({
      billables: z.array(
        billableSchema.extend({
          ours: z.boolean(),
          jobId: jobIdSchema.nullable(),
          jobName: z.string().nullable(),
          accountName: z.string(),
          /** `now`: ours; `name`: a stranger's, by its typed name; `elsewhere`: only at the provider. */
          release: z.enum(['now', 'name', 'elsewhere']),
          /** Whose it is and how it is released, in one sentence. */
          releaseSentence: z.string(),
          /** The provider's own page. */
          link: z.string().nullable(),
        }),
      ),
      problems: z.array(z.string()),
    }),
  ),
  release: call(z.object({ rentalId: rentalIdSchema }), nothing),
  /**
   * Ends a machine of another Sublet home. Refused with `confirmation-needed` unless `typedName` is
   * its name, and with `unsupported` where only the provider can end it.
   */
  releaseStranger: call(
    z.object({
      accountId: z.string(),
      nativeId: z.string(),
      typedName: z.string(),
      environment: clientEnvironment,
    }),
    z.object({ gone: z.boolean(), sentence: z.string() }),
  ),
} as const
