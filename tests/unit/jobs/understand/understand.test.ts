import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobFile } from '../../../../preload/contract/job-file.ts'
import { jobSpecSchema } from '../../../../preload/contract/job-spec.ts'
import { understand } from '../../../../main/jobs/understand/understand.ts'
import type { UnderstandHelpers } from '../../../../main/jobs/understand/understood.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sublet-understand-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

async function files(tree: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true })
    await writeFile(path.join(dir, name), content)
  }
}

async function read(file: JobFile, helpers: UnderstandHelpers = {}) {
  const reading = await understand({ file, baseDir: dir }, new AbortController().signal, helpers)
  expect(jobSpecSchema.parse(reading.spec)).toEqual(reading.spec)
  return { ...reading, text: reading.understood.join('\n') }
}

test('a script alone travels alone, with the defaults of the house', async () => {
  await files({ 'solo.py': 'print(1)\n', 'other.py': '', 'big.bin': 'x' })
  const { spec, text } = await read({ script: 'solo.py' })
  expect(spec).toMatchObject({
    name: 'solo',
    entry: { kind: 'python', path: 'solo.py', args: [] },
    code: { path: path.join(dir, 'solo.py'), single: true },
    outputDir: path.join(dir, 'sublet-output', 'solo'),
    needs: { gpus: 0, arch: 'x86_64' },
    limits: { afterExitMs: 7_200_000, graceMs: 30_000, keepWarmMs: 600_000, keepWarmChosen: false },
    retries: 3,
  })
  expect(text).toContain('solo.py travels alone')
  expect(text).toContain('Needs no GPU as far as its sources show')
})

test('a script takes its folder along where it uses neighbours or is part of a project', async () => {
  await files({ 'a/train.py': 'import helpers\nimport torch\n', 'a/helpers.py': '' })
  const used = await read({ script: 'a/train.py' })
  expect(used.spec.code).toEqual({ path: path.join(dir, 'a'), single: false })
  expect(used.spec.needs.gpus).toBe(1)
  expect(used.text).toContain('because train.py uses helpers.py there')
  expect(used.text).toContain('because it uses torch')

  await files({ 'requirements.txt': 'numpy\n', 'scripts/fit.py': 'print(1)\n' })
  const project = await read({ script: 'scripts/fit.py' })
  expect(project.spec.code).toEqual({ path: dir, single: false })
  expect(project.spec.entry).toMatchObject({ path: 'scripts/fit.py' })
  expect(project.text).toContain('because it has a requirements.txt')
})

test.each<[string, Readonly<Record<string, string>>, RegExp, object]>([
  ['main.py', { 'main.py': '', 'util.py': '' }, /folder's main\.py/, { kind: 'python' }],
  ['run.sh', { 'run.sh': 'python train.py', 'train.py': '' }, /run\.sh/, { kind: 'shell' }],
  ['main', { 'main.py': 'import train', 'train.py': '' }, /main\.py/, { path: 'main.py' }],
  ['one', { 'fit.R': 'library(torch)' }, /only script/, { kind: 'r', path: 'fit.R' }],
  ['nb', { 'study.ipynb': '{}' }, /only script/, { kind: 'notebook' }],
  ['__main__', { '__main__.py': '' }, /has a __main__\.py/, { path: '__main__.py' }],
  [
    'package',
    { 'pkg/__main__.py': '', 'pkg/__init__.py': '' },
    /package pkg/,
    { command: 'python3 -m pkg' },
  ],
  ['make', { Makefile: 'train:\n\ttrue\n' }, /target train/, { command: 'make train' }],
  [
    'guard',
    { 'x.py': "if __name__ == '__main__':\n  pass", 'y.py': '' },
    /__main__ part/,
    { path: 'x.py' },
  ],
])('a folder with %s is understood', async (_, tree, sentence, entry) => {
  await files(tree)
  const { spec, text } = await read({ script: '.' })
  expect(spec.entry).toMatchObject(entry)
  expect(text).toMatch(sentence)
})

test('several candidates are listed instead of guessed', async () => {
  await files({ 'main.py': '', 'train.py': '' })
  await expect(read({ script: '.' })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/\(main\.py, train\.py\): name one with --script/) as string,
  })
})

test.each<[string, Readonly<Record<string, string>>, JobFile, string, RegExp]>([
  ['nothing to start', { 'a.txt': '' }, { script: '.' }, 'input-missing', /Nothing to start/],
  ['only a Dockerfile', { Dockerfile: '' }, { script: '.' }, 'input-missing', /--image REF/],
  ['no script', {}, {}, 'invalid', /Nothing to run/],
  ['a whole file system', {}, { script: '/' }, 'invalid', /whole file system/],
  ['one as code', { 'a.py': '' }, { script: 'a.py', code: '/' }, 'invalid', /whole file system/],
  [
    'a missing script',
    { 'train.py': '' },
    { script: 'trian.py' },
    'input-missing',
    /did you mean "train\.py"/,
  ],
  ['a missing folder', {}, { script: 'no/where.py' }, 'input-missing', /nor does its folder/],
  [
    'missing data',
    { 'a.py': '' },
    { script: 'a.py', data: 'imgs' },
    'input-missing',
    /The data .*imgs does not exist/,
  ],
  [
    'text without a sign',
    { notes: 'hello' },
    { script: 'notes' },
    'unsupported',
    /Nothing says how to run/,
  ],
  ['an empty budget', {}, { command: 'x', budget: 0 }, 'invalid', /A budget of \$0/],
  ['a contradiction', {}, { command: 'x', gpus: 0, gpu: 'H100' }, 'invalid', /gpus 0 asks for/],
  [
    'host and provider',
    {},
    { command: 'x', host: 'lab', provider: 'aws' },
    'invalid',
    /contradict/,
  ],
  ['a bad variable', {}, { command: 'x', env: { 'A-B': '1' } }, 'invalid', /"A-B" is no name/],
  [
    'output over input',
    { 'a.py': '' },
    { script: 'a.py', output: '.' },
    'invalid',
    /holds the input/,
  ],
])('%s is said in a sentence', async (_, tree, file, code, sentence) => {
  await files(tree)
  await expect(read(file)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(sentence) as string,
  })
})

test('data keep their names, and equal names are told apart', async () => {
  await files({ 'a/set.csv': '', 'b/set.csv': '', 'c/SET.csv': '' })
  const { spec, warnings } = await read({
    command: 'x',
    data: ['a/set.csv', 'b/set.csv', 'c/SET.csv', 'a/set.csv'],
  })
  expect(spec.data.map((item) => item.name)).toEqual(['set.csv', 'set-2.csv', 'SET-3.csv'])
  expect(warnings).toEqual(['The data a/set.csv is named twice and travels once.'])
})

test("an output folder of one's own in the work folder is mentioned, the default is not", async () => {
  await files({ 'main.py': '' })
  expect((await read({ script: '.' })).warnings).toEqual([])
  expect((await read({ script: '.', output: 'out' })).warnings[0]).toMatch(
    /next run uploads its results/,
  )
  expect((await read({ script: '.', output: '../elsewhere' })).warnings).toEqual([])
})

test('programs for another system or processor are named', async () => {
  const elf = (machine: number): Uint8Array => {
    const head = Buffer.alloc(64)
    head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1])
    head.writeUInt16LE(machine, 18)
    return head
  }
  await files({ good: elf(62), arm: elf(183), mac: Buffer.from('cffaedfe00000000', 'hex') })
  expect((await read({ script: 'good' })).warnings).toEqual([])
  expect((await read({ script: 'arm' })).warnings[0]).toMatch(
    /for arm64, but the machine is x86_64/,
  )
  expect((await read({ script: 'arm', arch: 'arm64' })).warnings).toEqual([])
  expect((await read({ script: 'mac' })).warnings[0]).toMatch(/macOS program .* run Linux/)
})

test('an executable script without an ending runs by itself', async () => {
  await files({ job: '#!/usr/bin/env python3\nimport torch\n' })
  await chmod(path.join(dir, 'job'), 0o755)
  const { spec, text } = await read({ script: 'job' })
  expect(spec.entry).toMatchObject({ kind: 'executable', path: 'job' })
  expect(spec.needs.gpus).toBe(1)
  expect(text).toContain('a script for /usr/bin/env python3')
})

test('several GPUs and a plain script: the launcher is proposed, a command is left alone', async () => {
  await files({ 'a.py': 'import torch' })
  const helpers: UnderstandHelpers = {
    proposeTorchrun: (_entry, gpus) => ({
      entry: { kind: 'command', command: `torchrun --nproc-per-node ${gpus} a.py` },
      sentence: 'Starts with torchrun.',
    }),
  }
  const { spec, text } = await read({ script: 'a.py', gpus: 4 }, helpers)
  expect(spec.entry).toMatchObject({ command: 'torchrun --nproc-per-node 4 a.py' })
  expect(text).toContain('Starts with torchrun.')
  const command = { script: 'a.py', command: 'python a.py', gpus: 4 }
  expect((await read(command, helpers)).spec.entry).toMatchObject({ command: 'python a.py' })
})

test('torchrun is the launcher of the house; for a command it is only named', async () => {
  await files({ 'a.py': 'import torch' })
  const script = await read({ script: 'a.py', args: ['--lr', '0.1'], gpus: 2 })
  expect(script.spec.entry).toMatchObject({
    command: 'torchrun --standalone --nproc-per-node=2 a.py --lr 0.1',
  })
  const command = await read({ script: 'a.py', command: 'python a.py', gpus: 2 })
  expect(command.spec.entry).toMatchObject({ command: 'python a.py' })
  expect(command.warnings[0]).toMatch(/uses one of the 2 GPUs: --command 'torchrun /)
})

test('prices and durations become micro-dollars and milliseconds', async () => {
  const { spec } = await read({
    command: 'x',
    maxPrice: 1.1,
    budget: '$12.50',
    maxDuration: '1h30m',
    keepWarm: 0,
    image: 'ghcr.io/acme/cuda:12',
  })
  expect(spec.limits).toMatchObject({
    maxMicrosPerHour: 1_100_000,
    budgetMicros: 12_500_000,
    maxDurationMs: 5_400_000,
    keepWarmMs: 0,
    keepWarmChosen: true,
  })
  expect(spec.needs).toMatchObject({ gpus: 1, maxMicrosPerHour: 1_100_000 })
})
