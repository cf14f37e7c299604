import { z } from 'zod'
import { SubletError } from '../../domain/errors.ts'

/** What a machine may answer to one verb; more is not an answer. */
const longestAnswer = 64 * 1024

const seconds = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number)
const optionalSeconds = z
  .literal('')
  .transform(() => null)
  .or(seconds)
/** A process ends with 0 to 255, by a signal below 256 at most. */
const byte = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .refine((number) => number < 256)
const optionalByte = z
  .literal('')
  .transform(() => null)
  .or(byte)
const yesNo = z.enum(['yes', 'no']).transform((word) => word === 'yes')

/** Where an attempt is. `lost`: it was started, no longer runs, and left no exit record. */
const attemptStates = ['absent', 'prepared', 'setup', 'running', 'exited', 'lost'] as const

export const attemptStatusSchema = z
  .object({
    state: z.enum(attemptStates),
    phase: z.enum(['setup', 'running', '']).transform((phase) => (phase === '' ? null : phase)),
    exitCode: optionalByte,
    signal: optionalByte,
    logBytes: seconds,
    metricsBytes: seconds,
    startedS: optionalSeconds,
    endedS: optionalSeconds,
    mainPid: optionalSeconds,
    collected: yesNo,
    nowS: seconds,
  })
  .readonly()

/**
 * An attempt as the machine sees it. Times are seconds of the machine's clock, whose present is
 * `nowS`. `phase` is `setup` at the end when the set-up failed, and the command never ran.
 */
export type AttemptStatus = z.infer<typeof attemptStatusSchema>

export const leaseStatusSchema = z
  .object({
    remainingS: seconds,
    afterExitS: seconds,
    idleS: seconds,
    graceS: seconds,
    watchdog: yesNo,
    watchdogPid: optionalSeconds,
    hook: yesNo,
    ended: z
      .enum(['', 'end', 'after-exit', 'idle'])
      .transform((reason) => (reason === '' ? null : reason)),
    nowS: seconds,
    before: z.enum(['none', 'user-data', 'supervisor']).optional(),
  })
  .readonly()

/**
 * A lease read back from the machine. `watchdog`: its process lives; `hook`: it can end the
 * machine. `ended`: why it has begun to do so. `before`, in the answer to a new lease: who had set
 * the one that it replaced.
 */
export type LeaseStatus = z.infer<typeof leaseStatusSchema>

/** Reads `key=value` lines by a schema. The machine's word is never trusted further than that. */
export function parseAnswer<T>(answer: string, schema: z.ZodType<T>, label: string): T {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const line of answer.slice(0, longestAnswer).split('\n')) {
    const at = line.indexOf('=')
    // Of a key that comes twice (a login script that prints), the last one is the verb's.
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 1)
  }
  const parsed = schema.safeParse(fields)
  if (parsed.success) return parsed.data
  throw new SubletError(
    'invalid',
    `The supervisor on ${label} gave an answer that makes no sense; look at ~/.sublet on that machine, or use another one.`,
    { nativeCode: z.prettifyError(parsed.error).slice(0, 400) },
  )
}
