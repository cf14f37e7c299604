import { z } from 'zod'
import { keychainStateSchema } from '../account.ts'
import { call, stream } from '../procedure.ts'
import { settingKeySchema, settingsSnapshotSchema } from '../setting.ts'
import { nothing } from './common.ts'

const logLine = z.object({
  at: z.int().nullable(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  message: z.string(),
  /** The line's other fields as compact JSON; empty when there are none. */
  details: z.string(),
})

/** The procedures about settings, and the facts that stand beside them. */
export const settingsService = {
  all: call(nothing, settingsSnapshotSchema),
  /** All settings now, and again whenever one changes, in whichever window. */
  watch: stream(nothing, settingsSnapshotSchema, settingsSnapshotSchema),
  /** Refused with `invalid` and a sentence when the value does not fit; answers the new state. */
  set: call(z.object({ key: settingKeySchema, value: z.unknown() }), settingsSnapshotSchema),
  /** Back to the default. */
  reset: call(z.object({ key: settingKeySchema }), settingsSnapshotSchema),
  /** What the engine is and where it keeps things. */
  facts: call(
    nothing,
    z.object({
      version: z.string(),
      homeDir: z.string(),
      logFile: z.string(),
      pid: z.int(),
      startedAt: z.int(),
      keychain: keychainStateSchema,
      licence: z.string(),
      notices: z.string(),
    }),
  ),
  /** The engine log's last lines, redacted, then further ones as they are written. */
  logTail: stream(
    z.object({ lines: z.int().min(1).max(2_000), follow: z.boolean() }),
    z.array(logLine),
    z.array(logLine),
  ),
} as const
