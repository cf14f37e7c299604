import { SubletError } from '../domain/errors.ts'

/** No single message may be larger, in bytes of JSON. */
export const maxFrameBytes = 16 * 2 ** 20

/** JSON on one line; throws a SubletError when it is too large to send. */
export function encodeMessage(message: unknown): string {
  const text = JSON.stringify(message)
  if (text.length > maxFrameBytes || Buffer.byteLength(text) > maxFrameBytes) {
    throw new SubletError(
      'internal',
      `A message of ${Math.ceil(text.length / 2 ** 20)} MiB is too large to send; ask for less at a time.`,
    )
  }
  return text
}
