import { z } from 'zod'
import { keychainStateSchema } from '../account.ts'
import { microsSchema } from '../money.ts'
import { overviewSchema } from '../overview.ts'
import { call, stream } from '../procedure.ts'
import { nothing, clientEnvironment } from './common.ts'

/** The procedures about system. */
export const systemService = {
  status: call(
    nothing,
    z.object({
      version: z.string(),
      pid: z.int(),
      homeId: z.string(),
      homeDir: z.string(),
      startedAt: z.int(),
      activeJobs: z.int(),
      rentalsWithoutReceipt: z.int(),
      burnMicrosPerHour: microsSchema,
      keychain: keychainStateSchema,
    }),
  ),
  /** Money, machines and notices; again on every change and every few seconds while money burns. */
  watch: stream(nothing, overviewSchema, overviewSchema),
  /** `Keep running`: the notice goes, and is not said again while the matter lasts. */
  muteNotice: call(z.object({ noticeId: z.string() }), nothing),
  /** Stops taking work and leaves once idle; at once when `force`. Jobs go on after a restart. */
  shutdown: call(z.object({ force: z.boolean() }), nothing),
  doctor: call(
    z.object({ environment: clientEnvironment }),
    z.object({
      checks: z.array(z.object({ name: z.string(), ok: z.boolean(), sentence: z.string() })),
    }),
  ),
} as const
