import { z } from 'zod'
import { secretSummarySchema, keychainStateSchema } from '../account.ts'
import { call } from '../procedure.ts'
import { nothing } from './common.ts'

/** The procedures about secrets. */
export const secretsService = {
  set: call(
    z.object({ name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), value: z.string().min(1) }),
    keychainStateSchema,
  ),
  list: call(nothing, z.array(secretSummarySchema)),
  remove: call(z.object({ name: z.string() }), nothing),
} as const
