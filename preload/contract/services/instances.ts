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
        billableSchema.extend({ ours: z.boolean(), jobId: jobIdSchema.nullable() }),
      ),
      problems: z.array(z.string()),
    }),
  ),
  release: call(z.object({ rentalId: rentalIdSchema }), nothing),
} as const
