import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'
import { nothingRented } from '../support/nothing-rented.ts'
import { oneSentence } from '../support/sentences.ts'

let user: TestUser

const usage = 120
const noOffer = 121
const here = (name: string): string => join(user.work, name)
/** A run on the sandbox that would work but for what is added. */
const run = (...more: readonly string[]): readonly string[] => [
  'run',
  ...(more.includes('--provider') || more.includes('--host') ? [] : ['--provider', 'sandbox']),
  ...(more.includes('--script') ? [] : ['--command', 'true']),
  '--yes',
  ...more,
]

beforeAll(async () => {
  user = await testUser()
  await writeFile(here('train.py'), 'print("trained")\n')
  await mkdir(here('out/data'), { recursive: true })
  await writeFile(here('out/data/rows'), '1\n')
})
afterAll(async () => await user.stop())

describe('bad input is refused in one sentence', () => {
  it.each([
    ['an unknown GPU', run('--gpu', 'H10O'), noOffer, /"H10O"; did you mean "H100"\?/],
    ['a price that nothing has', run('--max-price', '0.0001'), noOffer, /raise --max-price/],
    ['an unknown region', run('--region', 'us-eats'), noOffer, /"us-eats".*did you mean "us-east"/],
    ['no such script', run('--script', 'trian.py'), usage, /trian\.py .*did you mean "train\.py"/],
    ['no such data', run('--data', 'rows'), usage, /\/work\/rows does not exist: check the path/],
    ['no such job file', ['run', 'job.yaml', '--yes'], usage, /job\.yaml does not exist/],
    ['a wrong duration', run('--max-duration', '2hours'), usage, /"2hours".*90s, 30m, 2h/],
    ['no duration at all', run('--max-duration', '0'), usage, /leave it out or give more/],
    ['a wrong price', run('--max-price', 'cheap'), usage, /--max-price "cheap".*12 or 0\.40/],
    ['a wrong budget', run('--budget', '-3'), usage, /--budget/],
    ['a wrong number', run('--gpus', 'many'), usage, /--gpus.*whole number/],
    ['an unknown flag', run('--bugdet', '3'), usage, /'--bugdet'.*--budget/],
    ['an unknown provider', run('--provider', 'sandbx'), usage, /"sandbx".*sandbox/],
    ['an unknown host', run('--host', 'lab'), usage, /no host named "lab".*sublet hosts add/],
    [
      'an unknown account',
      run('--account', 'work'),
      usage,
      /no account named "work".*accounts add/,
    ],
    ['a missing secret', run('--secret', 'HF_TOKEN'), usage, /sublet secrets set HF_TOKEN/],
    ['no name of a secret', run('--secret', 'A-B'), usage, /"A-B" is no name/],
    ['inputs in the output', run('--data', 'out/data', '--output', 'out'), usage, /with --output/],
    ['nobody to ask', run().filter((word) => word !== '--yes'), usage, /add --yes/],
    ['logs of no job', ['logs', 'nojob'], usage, /no job "nojob": "sublet jobs" lists them/],
    ['show of no job', ['show', 'nojob'], usage, /no job "nojob": "sublet jobs" lists them/],
    ['stop of no job', ['stop', 'nojob'], usage, /no job "nojob": "sublet jobs" lists them/],
  ])('%s', async (_what, args, exitCode, sentence) => {
    expect(oneSentence(await user.run(args), exitCode)).toMatch(sentence)
  })

  it.each([
    [
      'a YAML error',
      'name: x\nscript: train.py\n  gpu: [\n',
      /bad\.yaml:2:\d+: .*correct the line/,
    ],
    [
      'an unknown key',
      'script: train.py\nbudgt: 3\n',
      /bad\.yaml:2:1: .*"budgt"; did you mean "budget"/,
    ],
    ['a wrong duration', 'script: train.py\nmaxDuration: 2 hours\n', /bad\.yaml:2:14: .*90s, 30m/],
    ['a wrong price', 'script: train.py\nmaxPrice: cheap\n', /bad\.yaml:2:11: .*USD/],
    ['a list instead of keys', '- train.py\n', /bad\.yaml/],
    ['nothing in it', '', /bad\.yaml|Nothing to run/],
  ])('%s in the job file, with line and column', async (_what, text, sentence) => {
    await writeFile(here('bad.yaml'), text)
    const result = await user.run(['run', 'bad.yaml', '--provider', 'sandbox', '--yes'])
    expect(oneSentence(result, usage)).toMatch(sentence)
  })

  it('a budget below the minimum bill: the sentence names the least that will do', async () => {
    const refused = await user.run(run('--gpu', 'H100', '--budget', '0.0001'))
    const least = /give --budget (\d+\.\d+) or more/.exec(oneSentence(refused, noOffer))?.[1]
    expect(least).toBeDefined()
    const enough = run('--gpu', 'H100', '--budget', String(least)).filter((one) => one !== '--yes')
    // The next thing to object to is that nobody said yes.
    expect(oneSentence(await user.run(enough), usage)).toContain('add --yes')
  })

  it('as JSON too: the last line is the error', async () => {
    const { exitCode, stdout } = await user.run(run('--gpu', 'H10O', '--json'))
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown
    expect(last).toMatchObject({ type: 'error', code: 'no-offer', exitCode: noOffer })
    expect(exitCode).toBe(noOffer)
  })

  it('and nothing was rented, submitted or left running', async () => {
    expect(await user.json(['jobs'])).toEqual([])
    expect(await user.sandbox.machines()).toEqual([])
    await nothingRented(user)
  })
})
