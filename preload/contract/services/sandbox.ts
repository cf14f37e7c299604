import { z } from 'zod'
import { microsSchema } from '../money.ts'
import { call } from '../procedure.ts'
import { nothing } from './common.ts'

/** The procedures about sandbox. */
export const sandboxService = {
  status: call(
    nothing,
    z.object({ running: z.boolean(), machines: z.int(), billedMicros: microsSchema }),
  ),
  /** Refused with `conflict` while machines are rented there, unless `force`. */
  stop: call(z.object({ force: z.boolean() }), nothing),
} as const
