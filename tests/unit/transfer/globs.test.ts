import { describe, expect, it } from 'vitest'
import { globMatcher } from '../../../main/transfer/globs.ts'
import { pathFromText } from '../../../main/transfer/path-bytes.ts'

describe('output globs', () => {
  it.each([
    ['*.pt', 'model.pt', true],
    ['*.pt', 'sub/model.pt', false],
    ['**/*.pt', 'model.pt', true],
    ['**/*.pt', 'a/b/model.pt', true],
    ['results', 'results/a/b', true],
    ['./results/', 'results/a', true],
    ['results', 'results2', false],
    ['results/**', 'results/a/b', true],
    ['run-?/log', 'run-1/log', true],
    ['run-[0-4]', 'run-5', false],
    ['run-[!0-4]', 'run-5', true],
    ['{a,b}/*.csv', 'b/x.csv', true],
    ['a.b', 'aXb', false],
    ['a+(b)', 'a+(b)', true],
    ['é*', 'été', true],
  ])('%s and %s: %s', (glob, path, matches) => {
    expect(globMatcher([glob])(pathFromText(path))).toBe(matches)
  })
})
