import { z } from 'zod'

/**
 * Every error code that may cross the contract. The first group is what providers answer; whether
 * a code is worth another try is a property of the code (`main/domain/errors.ts`).
 */
export const errorCodes = [
  'auth',
  'permission',
  'quota',
  'no-capacity',
  'price-moved',
  'not-found',
  'rate-limited',
  'invalid',
  'unavailable',
  'no-offer',
  'host-key',
  'unreachable',
  'disk-full',
  'secret-missing',
  'input-missing',
  'input-changed',
  'keychain',
  'conflict',
  'confirmation-needed',
  'budget',
  'cancelled',
  'version',
  'unauthorised',
  'unsupported',
  'internal',
] as const

export const errorCodeSchema = z.enum(errorCodes)
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** An error as it travels: a code to branch on and one plain sentence that says what to do. */
export const wireErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  retry: z.object({ afterMs: z.int().nonnegative() }).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type WireError = z.infer<typeof wireErrorSchema>
