import { z } from 'zod'
import { offerQuerySchema, offerSchema } from '../offer.ts'
import { call } from '../procedure.ts'
import { clientEnvironment } from './common.ts'

/** The procedures about offers. */
export const offersService = {
  list: call(
    z.object({ query: offerQuerySchema, environment: clientEnvironment }),
    z.object({
      offers: z.array(offerSchema),
      /** One per account asked: fine, or why its offers are missing. */
      sources: z.array(
        z.object({
          providerId: z.string(),
          accountId: z.string(),
          ok: z.boolean(),
          sentence: z.string(),
          dropped: z.int(),
        }),
      ),
    }),
  ),
} as const
