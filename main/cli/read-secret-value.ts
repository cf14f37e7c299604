import { SubletError } from '../domain/errors.ts'
import type { Io } from './io.ts'

/** A secret typed without echo, or all of standard input without its last newline; not empty unless it may be. */
export async function readSecretValue(
  io: Io,
  question: string,
  mayBeEmpty = false,
): Promise<string> {
  const value = io.stdinIsTty
    ? await io.askHidden(question)
    : (await io.readStdin()).replace(/\r?\n$/, '')
  if (value === '' && !mayBeEmpty) {
    throw new SubletError('invalid', 'The value is empty: type it, or pass it on standard input.')
  }
  return value
}
