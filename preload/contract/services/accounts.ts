import { z } from 'zod'
import { accountFieldSchema, accountSummarySchema, accountStatusSchema } from '../account.ts'
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
        /** Own hosts and the sandbox have none: they are added in other ways. */
        fields: z.array(accountFieldSchema),
        /** Where the user sees and ends everything at the provider. */
        consoleLink: z.string().nullable(),
        /** Further variables of the user's that it reads, beside those of its fields. */
        environmentVariables: z.array(z.string()).exactOptional(),
        /** The least rights that it needs, as text to paste at the provider. */
        leastPolicy: z.string().exactOptional(),
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
  /**
   * New values for some fields of an account, checked together with those that stay before
   * anything is stored; refused with `auth` and the provider's sentence.
   */
  replaceSecret: call(
    z.object({ accountId: z.string(), values: z.record(z.string(), z.string()) }),
    accountStatusSchema,
  ),
  rename: call(z.object({ accountId: z.string(), name: z.string() }), nothing),
  /**
   * Refused with `conflict` while the account has rentals without receipt; `details.rentals` names
   * them as `{ rentalId, jobId, jobName }`.
   */
  remove: call(z.object({ accountId: z.string() }), nothing),
} as const
