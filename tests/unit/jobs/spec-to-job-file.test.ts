import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JobFile } from '../../../preload/contract/job-file.ts'
import { parseJobFile } from '../../../main/jobs/job-file/parse-job-file.ts'
import { readJobFile } from '../../../main/jobs/job-file/read-job-file.ts'
import { specToJobFile } from '../../../main/jobs/job-file/spec-to-job-file.ts'
import { jobFileText, writeJobFile } from '../../../main/jobs/job-file/write-job-file.ts'
import { durationText, usdText } from '../../../main/jobs/job-file/written-figures.ts'
import { parseDurationMs } from '../../../main/domain/duration.ts'
import { parseUsd } from '../../../main/domain/usd.ts'
import { understand } from '../../../main/jobs/understand/understand.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sublet-again-'))
  await mkdir(path.join(dir, 'project', 'scripts'), { recursive: true })
  await mkdir(path.join(dir, 'images'))
  await writeFile(path.join(dir, 'images', 'a.bin'), 'x')
  await writeFile(path.join(dir, 'table.csv'), '1')
  await writeFile(path.join(dir, 'solo.py'), 'import torch\n')
  await writeFile(path.join(dir, 'project', 'requirements.txt'), '')
  await writeFile(path.join(dir, 'project', 'main.py'), 'print(1)\n')
  await writeFile(path.join(dir, 'project', 'scripts', 'fit.py'), 'print(1)\n')
  await writeFile(path.join(dir, 'project', 'tool'), '#!/bin/sh\n')
  await chmod(path.join(dir, 'project', 'tool'), 0o755)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const text = fc.string({ minLength: 1, maxLength: 12 }).filter((one) => one.trim() !== '')
const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/)
const duration = fc.constantFrom('90s', '30m', '2h', '1d', '1h30m', '0.5s', '1.001s')
const usd = fc.constantFrom('$5', '0.000001', '12.34', 3, 0.4)
const started = fc.constantFrom<JobFile>(
  { script: 'solo.py' },
  { script: 'solo.py', args: ['--lr', '0.1', 'a b'] },
  { script: 'project' },
  { script: 'project/scripts/fit.py' },
  { script: 'project/scripts/fit.py', code: 'project/scripts' },
  { script: 'project/tool' },
  { script: 'project', command: 'make all' },
  { script: 'solo.py', command: 'python3 solo.py | tee log' },
  { command: 'nvidia-smi' },
  { script: 'solo.py', gpus: 4 },
)
const wishes: fc.Arbitrary<JobFile> = fc.record(
  {
    name: text,
    project: text,
    tags: fc.dictionary(word, text, { maxKeys: 2 }),
    data: fc.constantFrom('images', ['images', 'table.csv'], [{ path: 'images', name: 'set' }]),
    output: fc.constantFrom('results', '/somewhere/else'),
    outputs: fc.constant(['*.pt', 'logs/**']),
    results: fc.constantFrom<'home' | 'bucket' | 'auto'>('home', 'bucket', 'auto'),
    outputSize: fc.constantFrom<string | number>('12GB', '1.5TB', 1_234),
    mirror: fc.constantFrom<NonNullable<JobFile['mirror']>>(
      'on',
      'off',
      {},
      { every: '2m' },
      { every: '1s', maxBytes: '500MB', maxCost: '$0.50' },
    ),
    setup: fc.oneof(text, fc.array(text, { maxLength: 2 })),
    before: fc.constant(['make data']),
    after: text,
    image: fc.constantFrom('pytorch/pytorch:latest', 'ubuntu'),
    region: word,
    machineType: word,
    minVram: fc.constantFrom(16, 23.5),
    arch: fc.constantFrom('x86_64', 'arm64'),
    disk: fc.constantFrom(10, 200.5),
    spot: fc.constantFrom<boolean | 'allowed'>(true, false, 'allowed'),
    preferFast: fc.constantFrom(0, 0.5, 1),
    maxPrice: usd,
    budget: usd,
    maxDuration: duration,
    keepWarm: fc.oneof(duration, fc.constant<0>(0)),
    afterExit: duration,
    grace: duration,
    env: fc.dictionary(word, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 3 }),
    secrets: fc.array(word, { maxLength: 2 }),
    checkpoint: fc.constantFrom({ signal: 'USR1' }, { signal: 'TERM' }),
    retries: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: [] },
)

test('a job written down as a file and read again is the same job', async () => {
  const signal = new AbortController().signal
  await fc.assert(
    fc.asyncProperty(started, wishes, async (work, wish) => {
      const { spec } = await understand({ file: { ...wish, ...work }, baseDir: dir }, signal)
      const written = jobFileText(specToJobFile(spec), dir)
      const again = await understand({ file: parseJobFile(written, 'it'), baseDir: dir }, signal)
      expect(again.spec).toEqual(spec)
    }),
    { numRuns: 150 },
  )
})

test('figures are written exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 15 - 1 }), (figure) => {
      expect(parseUsd(usdText(figure), 'it')).toBe(figure)
      expect(parseDurationMs(durationText(figure), 'it')).toBe(figure)
    }),
  )
  expect(usdText(5_000_000)).toBe('5')
  expect(usdText(410_000)).toBe('0.41')
  expect(durationText(5_400_000)).toBe('1h30m')
})

test('a job file has short paths, an order, and is not overwritten unasked', async () => {
  const at = path.join(dir, 'project', 'sublet.yaml')
  const file: JobFile = {
    gpu: 'H100',
    script: path.join(dir, 'project', 'main.py'),
    data: [path.join(dir, 'images')],
    budget: '5',
  }
  await writeJobFile(at, file, false)
  const written = await readFile(at, 'utf8')
  expect(written).toBe(
    `script: main.py\ndata:\n  - ${path.join(dir, 'images')}\ngpu: H100\nbudget: "5"\n`,
  )
  await expect(writeJobFile(at, { command: 'true' }, false)).rejects.toThrow(/exists already/)
  expect(await readFile(at, 'utf8')).toBe(written)
  await writeJobFile(at, { command: 'true' }, true)
  expect((await readJobFile(at)).file).toEqual({ command: 'true' })
  await expect(writeJobFile(path.join(dir, 'no', 'a.yaml'), file, false)).rejects.toThrow(
    /its folder does not exist/,
  )
})
