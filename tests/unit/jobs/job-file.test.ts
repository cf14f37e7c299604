import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SubletError } from '../../../main/domain/errors.ts'
import { jobFileJsonSchema } from '../../../main/jobs/job-file/json-schema.ts'
import { parseJobFile } from '../../../main/jobs/job-file/parse-job-file.ts'

function problem(text: string): string {
  try {
    parseJobFile(text, 'sublet.yaml')
  } catch (error) {
    if (error instanceof SubletError && error.code === 'invalid') return error.message
    throw error
  }
  throw new Error('It was accepted.')
}

test('reads a job file', () => {
  const text = 'script: train.py\ndata: [a, b]\nbudget: 1.50\nkeepWarm: 0\nenv:\n  N: 3\n'
  expect(parseJobFile(text, 'sublet.yaml')).toEqual({
    script: 'train.py',
    data: ['a', 'b'],
    budget: 1.5,
    keepWarm: 0,
    env: { N: 3 },
  })
})

test.each([
  ['script: train.py\n  gpu: A100\n', /^sublet\.yaml:1:\d+: this is not YAML \(.*\); correct/],
  ['script: "train.py\n', /^sublet\.yaml:\d+:\d+: this is not YAML/],
  ['script: a\n\tgpu: b\n', /^sublet\.yaml:2:1: a tab indents this line/],
  ['script: a\nscript: b\n', /^sublet\.yaml:2:1: this key stands twice/],
  ['script: a\n---\nscript: b\n', /^sublet\.yaml:2:1: a second document begins here/],
  ['', /^sublet\.yaml:1:1: the job file is empty/],
  ['- a\n', /^sublet\.yaml:1:1: a job file is a list of "key: value" lines/],
  [
    'script: a\nmaxprice: 2\n',
    /^sublet\.yaml:2:1: unknown key "maxprice"; did you mean "maxPrice"\?/,
  ],
  ['script: a\nzebra: 2\n', /^sublet\.yaml:2:1: unknown key "zebra"; known are name, project/],
  ['script: a\ngpus: many\n', /^sublet\.yaml:2:7: gpus cannot be "many"; write a number/],
  ['script: a\ngpus: 65\n', /^sublet\.yaml:2:7: gpus cannot be 65; write at most 64/],
  ['script: a\nmaxDuration: 2 hours\n', /^sublet\.yaml:2:14: .*write a duration such as 90s/],
  ['script: a\nbudget: five\n', /^sublet\.yaml:2:9: .*write an amount in USD/],
  ['script: 3\n', /^sublet\.yaml:1:9: script cannot be 3; write text/],
  ['script: a\narch: mips\n', /^sublet\.yaml:2:7: .*write one of x86_64, arm64/],
  ['script: a\ncheckpoint:\n  sgnal: USR1\n', /^sublet\.yaml:\d:\d+: .*signal/],
  ['script: a\noutputs:\n  - ok\n  - 3\n', /^sublet\.yaml:4:5: outputs\.1 cannot be 3; write text/],
  [
    'script: a\nenv:\n  A: [1]\n',
    /^sublet\.yaml:3:6: env\.A cannot be \[1\]; write text or a number/,
  ],
])('%j has a sentence with line and column', (text, expected) => {
  expect(problem(text)).toMatch(expected)
  expect(problem(text).split('\n')).toHaveLength(1)
})

test('aliases that multiply are refused instead of followed', () => {
  const levels = Array.from({ length: 9 }, (_, i) =>
    i === 0
      ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
      : `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`,
  )
  expect(problem(levels.join('\n'))).toMatch(/aliases cannot be followed/)
})

test('the published schema is current (npm run schema)', () => {
  const file = new URL('../../../resources/sublet.schema.json', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(jobFileJsonSchema())
})
