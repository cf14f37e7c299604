import { SubletError } from '../../../main/domain/errors.ts'

/**
 * Takes a line of arguments apart as a shell would: blanks separate, quotes and backslashes keep
 * together. Nothing is expanded. Fails with `invalid` on a quote that is not closed.
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | null = null
  let quote: string | null = null
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? ''
    if (quote !== null) {
      if (sign === quote) quote = null
      else if (sign === '\\' && quote === '"' && /["\\$`]/.test(line[at + 1] ?? '')) {
        at += 1
        word = (word ?? '') + (line[at] ?? '')
      } else word = (word ?? '') + sign
    } else if (sign === '"' || sign === "'") {
      quote = sign
      word ??= ''
    } else if (sign === '\\' && at + 1 < line.length) {
      at += 1
      word = (word ?? '') + (line[at] ?? '')
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word)
      word = null
    } else word = (word ?? '') + sign
  }
  if (quote !== null) {
    throw new SubletError(
      'invalid',
      `The arguments have a ${quote} that is not closed: add the second one.`,
    )
  }
  if (word !== null) words.push(word)
  return words
}
