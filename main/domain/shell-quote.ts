import { SubletError } from './errors.ts'

/**
 * Quotes text as exactly one word of a POSIX sh command line. Fails with `invalid` on a NUL byte,
 * which no argument can hold.
 */
export function shellQuote(text: string): string {
  if (text.includes('\0')) {
    throw new SubletError('invalid', 'A command must not hold a NUL byte; remove it.')
  }
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text)) return text
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** Quotes each word and joins them with blanks. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellQuote).join(' ')
}
