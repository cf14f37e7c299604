import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDurationMs } from '../../../../main/domain/duration.ts'
import { shellWords } from '../../../../main/domain/shell-quote.ts'
import { parseUsd } from '../../../../main/domain/usd.ts'
import { jobFileSchema } from '../../../../preload/contract/job-file.ts'
import { looksSecret, problemsOf } from '../../../../renderer/features/run/check-draft.ts'
import { costScale } from '../../../../renderer/features/run/cost-scale.ts'
import { emptyDraft } from '../../../../renderer/features/run/draft.ts'
import { draftToFile, fileToDraft } from '../../../../renderer/features/run/draft-file.ts'
import { plainWords } from '../../../../renderer/features/run/plain-words.ts'
import { readDuration, readGpu, readMoney } from '../../../../renderer/features/run/read-fields.ts'
import { splitWords } from '../../../../renderer/features/run/split-words.ts'

describe('what people type', () => {
  test.each([
    ['6 h', 6 * 3_600_000],
    ['90 min', 5_400_000],
    ['1 hour 30 minutes', 5_400_000],
    ['2 days', 172_800_000],
    ['45 sec', 45_000],
    ['1h30m', 5_400_000],
  ])('%s is a duration', (typed, ms) => {
    expect(parseDurationMs(readDuration(typed, 'Longest'), 'it')).toBe(ms)
  })

  test.each([
    ['$5', 5_000_000],
    ['5 USD', 5_000_000],
    ['0.40', 400_000],
    ['$1,200', 1_200_000_000],
    ['$0.41/h', 410_000],
  ])('%s is an amount', (typed, micros) => {
    expect(parseUsd(readMoney(typed, 'Budget'), 'it')).toBe(micros)
  })

  test.each([
    ['', { none: false }],
    ['none', { none: true }],
    ['H100', { gpu: 'H100', none: false }],
    ['4090', { gpu: '4090', none: false }],
    ['24', { minVram: 24, none: false }],
    ['≥ 24 GB', { minVram: 24, none: false }],
    ['>= 80GiB', { minVram: 80, none: false }],
    ['A100 ≥ 80 GB', { gpu: 'A100', minVram: 80, none: false }],
    ['RTX 4090', { gpu: 'RTX 4090', none: false }],
  ])('%j is a wish for a GPU', (typed, wish) => {
    expect(readGpu(typed)).toEqual(wish)
  })

  test('what cannot be read is said in the words of its field', () => {
    const problems = problemsOf({
      ...emptyDraft,
      maxDuration: 'soon',
      budget: 'little',
      gpus: '1.5',
      disk: 'big',
      args: "--name 'open",
      env: [
        { name: 'A', value: '1' },
        { name: '1A', value: '' },
        { name: 'A', value: '2' },
        { name: '', value: '' },
      ],
      data: [{ path: '/a', name: 'x/y' }],
    })
    expect(Object.keys(problems).sort()).toEqual(
      ['args', 'budget', 'data.0', 'disk', 'env.1', 'env.2', 'gpus', 'maxDuration'].sort(),
    )
    expect(problems['maxDuration']).toBe(
      'Longest "soon" is no duration: write 90 s, 30 min, 6 h or 2 d.',
    )
    expect(problemsOf({ ...emptyDraft, budget: '$0', maxDuration: '0' })).toMatchObject({
      budget: expect.stringMatching(/rents nothing/),
      maxDuration: expect.stringMatching(/no time to run/),
    })
    expect(problemsOf(emptyDraft)).toEqual({})
  })

  test('arguments come apart as a shell would take them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 })), (words) => {
        const clean = words.map((word) => word.replaceAll('\0', ''))
        expect(splitWords(shellWords(clean))).toEqual(clean)
      }),
    )
    expect(splitWords('--lr 0.1 --name "a \\"b\\"" c\\ d \'e f\'')).toEqual([
      '--lr',
      '0.1',
      '--name',
      'a "b"',
      'c d',
      'e f',
    ])
  })

  test('names of secrets are recognised', () => {
    expect(['HF_TOKEN', 'WANDB_API_KEY', 'DB_PASSWORD'].every(looksSecret)).toBe(true)
    expect(['EPOCHS', 'MONKEY', 'PATH'].some(looksSecret)).toBe(false)
  })
})

test('a job file in the form and back is the same file', () => {
  const file = jobFileSchema.parse({
    name: 'vit',
    project: 'vision',
    tags: { a: 'b' },
    script: 'train.py',
    code: '.',
    args: ['--name', 'a b'],
    data: ['images', { path: 'other', name: 'set' }],
    output: 'out',
    outputs: ['*.pt', 'logs/**'],
    setup: ['pip install x'],
    before: ['make'],
    after: ['echo done'],
    image: 'ubuntu',
    provider: 'sandbox',
    account: 'main',
    region: 'eu',
    machineType: 'big',
    gpu: 'A100',
    minVram: 80,
    gpus: 2,
    arch: 'arm64',
    disk: 200,
    spot: 'allowed',
    preferFast: 0.5,
    maxPrice: '1.20',
    budget: '5',
    maxDuration: '1h30m',
    keepWarm: '10m',
    afterExit: '2h',
    grace: '30s',
    env: { EPOCHS: '3' },
    secrets: ['HF_TOKEN'],
    checkpoint: { signal: 'USR1' },
    retries: 2,
  })
  expect(draftToFile(fileToDraft(file, '/base'))).toEqual(file)
  expect(draftToFile(fileToDraft({ command: 'true', gpus: 0 }, '/'))).toEqual({
    command: 'true',
    gpus: 0,
  })
  expect(draftToFile(emptyDraft)).toEqual({})
})

test('flags in the engine’s sentences become the fields of the page', () => {
  expect(plainWords('Raise --max-price, or choose another --gpu (--gpus 0 for none).')).toBe(
    'Raise “Price limit”, or choose another “GPU” (write “none” for none).',
  )
})

test('ranges share one axis, and a wide one is logarithmic', () => {
  const range = (low: number, high: number) =>
    ({ lowMicros: low, expectedMicros: low, highMicros: high }) as never
  const near = costScale([range(10, 20), range(40, 100)])
  expect([near.kind, near.at(0), near.at(50), near.at(100)]).toEqual(['linear', 0, 50, 100])
  const wide = costScale([range(1, 100), range(10, 10_000)])
  expect([wide.kind, wide.at(1), wide.at(100), wide.at(10_000)]).toEqual([
    'logarithmic',
    0,
    50,
    100,
  ])
  expect(costScale([range(0, 0)]).at(0)).toBe(0)
})
