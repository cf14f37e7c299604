import { z } from 'zod'
import { accountSummarySchema, accountStatusSchema } from '../account.ts'
import { call } from '../procedure.ts'
import { nothing, clientEnvironment } from './common.ts'

/** The procedures about accounts. */
export const accountsService = {
  providers: call(
    nothing,
    z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        simulated: z.boolean(),
        fields: z.array(
          z.object({
            name: z.string(),
            label: z.string(),
            secret: z.boolean(),
            help: z.string(),
            link: z.string().nullable(),
            environmentVariable: z.string().nullable(),
          }),
        ),
      }),
    ),
  ),
  list: call(nothing, z.array(accountSummarySchema)),
  add: call(
    z.object({
      providerId: z.string(),
      name: z.string(),
      values: z.record(z.string(), z.string()),
    }),
    accountStatusSchema.extend({ accountId: z.string() }),
  ),
  check: call(
    z.object({ accountId: z.string(), environment: clientEnvironment }),
    accountStatusSchema,
  ),
  /** Refused with `conflict` while the account has rentals without receipt. */
  remove: call(z.object({ accountId: z.string() }), nothing),
} as const
