import { z } from 'zod'
import { accountStatusSchema, hostKeySchema, hostSummarySchema } from '../account.ts'
import { microsSchema } from '../money.ts'
import { call } from '../procedure.ts'
import { nothing, clientEnvironment } from './common.ts'

/** The procedures about hosts. */
export const hostsService = {
  /** Reads the host's keys, so that the user can compare fingerprints before trusting. */
  scan: call(
    z.object({
      target: z.string(),
      keyFile: z.string().nullable(),
      environment: clientEnvironment,
    }),
    z.object({
      address: z.string(),
      user: z.string(),
      port: z.int(),
      keys: z.array(hostKeySchema),
    }),
  ),
  add: call(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
      target: z.string(),
      keyFile: z.string().nullable(),
      rateMicrosPerHour: microsSchema.nullable(),
      /** Keys that the user trusted. */
      trusted: z.array(hostKeySchema).min(1),
      environment: clientEnvironment,
    }),
    accountStatusSchema,
  ),
  list: call(nothing, z.array(hostSummarySchema)),
  check: call(z.object({ name: z.string(), environment: clientEnvironment }), accountStatusSchema),
  remove: call(z.object({ name: z.string() }), nothing),
} as const
