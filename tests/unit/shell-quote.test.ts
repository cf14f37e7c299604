import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellQuote, shellWords } from '../../main/domain/shell-quote.ts'

/** What a shell makes of the words, each ended by a NUL. */
function throughShell(words: readonly string[]): string[] {
  const output = execFileSync('sh', ['-c', `printf '%s\\0' ${shellWords(words)}`], {
    encoding: 'utf8',
  })
  return output.split('\0').slice(0, words.length)
}

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(...Array.from('\'"\\$`!*?[]{}()<>|&;#~-= \t\n\r\u0001é')),
      maxLength: 30,
    }),
  )
  .filter((value) => !value.includes('\0'))

test('every text comes through sh as it is, as one word', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (words) => {
      expect(throughShell(words)).toEqual(words)
    }),
    { numRuns: 100 },
  )
})

test('plain words stay readable, empty ones stay words, NUL is refused', () => {
  expect(shellQuote('train.py')).toBe('train.py')
  expect(shellQuote('')).toBe("''")
  expect(shellQuote("it's")).toBe(`'it'\\''s'`)
  expect(() => shellQuote('a\0b')).toThrow(/NUL/)
})
