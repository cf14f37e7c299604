import { z } from 'zod'
import { jobIdSchema } from '../job-state.ts'
import { microsSchema } from '../money.ts'
import { call } from '../procedure.ts'
import { billableUseSchema, releaseStateSchema } from '../radar.ts'
import { billableSchema, evidenceSchema, rentalIdSchema } from '../rental.ts'
import { nothing, clientEnvironment } from './common.ts'

/** The procedures about instances. */
export const instancesService = {
  /**
   * Everything that costs money on every account, ours or not. Accounts are asked now, unless their
   * last answer is at most `maxAgeMs` old. One that does not answer keeps its last answer, with its age.
   */
  list: call(
    z.object({ environment: clientEnvironment, maxAgeMs: z.int().nonnegative().optional() }),
    z.object({
      billables: z.array(
        billableSchema.extend({
          /** This home's journal knows it. */
          ours: z.boolean(),
          use: billableUseSchema,
          jobId: jobIdSchema.nullable(),
          jobName: z.string().nullable(),
          accountName: z.string(),
          simulated: z.boolean(),
          /** 730 hours of it; null where the price is not known. */
          microsPerMonth: microsSchema.nullable(),
          /** When its provider said so; null for what stands in our journal only. */
          fetchedAt: z.int().nullable(),
          releasing: releaseStateSchema.nullable(),
          /** `now`: ours; `name`: by its typed name; `elsewhere`: only at the provider. */
          release: z.enum(['now', 'name', 'elsewhere']),
          /** Whose it is and how it is released, in one sentence. */
          releaseSentence: z.string(),
          /** The provider's own page. */
          link: z.string().nullable(),
        }),
      ),
      accounts: z.array(
        z.object({
          accountId: z.string(),
          accountName: z.string(),
          providerId: z.string(),
          simulated: z.boolean(),
          /** When what is listed of it was read; null when it never answered. */
          fetchedAt: z.int().nullable(),
          /** Why it could not be asked the last time. */
          problem: z.string().nullable(),
        }),
      ),
      /** The problems of the accounts, with their names. */
      problems: z.array(z.string()),
    }),
  ),
  release: call(z.object({ rentalId: rentalIdSchema }), nothing),
  /**
   * Ends something that this home's journal does not know: a machine, disk, address or spot
   * request, by its kind and id: two kinds may have the same id. Refused with `confirmation-needed`
   * unless `typedName` is its name (its id where it has none), and with `unsupported` where only the
   * provider can end it.
   */
  releaseStranger: call(
    z.object({
      accountId: z.string(),
      kind: billableSchema.shape.kind,
      nativeId: z.string(),
      typedName: z.string(),
      environment: clientEnvironment,
    }),
    z.object({
      gone: z.boolean(),
      sentence: z.string(),
      /** The provider's answers, redacted. */
      evidence: evidenceSchema,
    }),
  ),
} as const
