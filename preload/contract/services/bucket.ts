import { z } from 'zod'
import { keychainStateSchema } from '../account.ts'
import { bucketConfigSchema } from '../bucket.ts'
import { call } from '../procedure.ts'
import { nothing } from './common.ts'

/** The procedures about the bucket for results. The secret key goes in, and never out. */
export const bucketService = {
  /** Null while none is set. */
  show: call(nothing, z.object({ config: bucketConfigSchema.nullable() })),
  set: call(
    z.object({ config: bucketConfigSchema, secretKey: z.string().min(1).max(1_000) }),
    keychainStateSchema,
  ),
  remove: call(nothing, nothing),
  /** Writes, reads and deletes a small object there. Last: what tries all in order has removed it by then. */
  check: call(nothing, z.object({ sentence: z.string() })),
} as const
