import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { nothingRented } from '../support/nothing-rented.ts'
import { oneSentence } from '../support/sentences.ts'

let user: TestUser

const onSandbox = ['--provider', 'sandbox', '--keep-warm', '0'] as const
const submit = async (command: string, ...more: readonly string[]): Promise<string> =>
  await user.submit([...onSandbox, '--command', command, ...more])
const machines = async () =>
  (await user.sandbox.machines()).map(({ name, state }) => ({ name, state }))

beforeAll(async () => {
  user = await testUser()
})
afterAll(async () => await user.stop())
afterEach(async () => {
  await user.sandbox.clearFaults()
  await nothingRented(user)
})

describe('a spot machine that is taken back', () => {
  it('is replaced: the job runs again elsewhere, finds its checkpoint, and is told to resume', async () => {
    await mkdir(join(user.work, 'spot'))
    await writeFile(
      join(user.work, 'spot', 'train.sh'),
      `#!/bin/sh
cd "$SUBLET_OUTPUT" || exit 1
echo "resume=$SUBLET_RESUME checkpoint=$(cat checkpoint.txt 2>/dev/null)"
if [ "$SUBLET_RESUME" = 1 ]; then cat checkpoint.txt > final.txt; exit 0; fi
trap 'echo epoch-7 > checkpoint.txt' USR1
echo began
while :; do sleep 0.1; done
`,
    )
    const job = await user.submit([...onSandbox, '--script', 'spot', '--gpus', '0', '--spot'])
    await eventually(async () => /^began$/m.test((await user.run(['logs', job])).stdout), {
      timeoutMs: 30_000,
      everyMs: 200,
    })
    const { rentalId: first } = (await user.show(job)).summary
    await user.sandbox.machine(String(first), 'reclaim', { noticeMs: 12_000 })

    const { exitCode } = await user.run(['attach', job])

    expect(exitCode).toBe(0)
    const { summary, attempts, receipts, timeline, warnings, spec } = await user.show(job)
    expect(attempts).toHaveLength(2)
    expect(receipts.map((one) => one.rentalId)).toEqual([first, summary.rentalId])
    expect(summary.rentalId).not.toBe(first)
    expect(timeline.map((one) => one.sentence).join('\n')).toMatch(/provider took the machine away/)
    expect(warnings.join('\n')).toMatch(/takes the machine back at/)
    expect((await user.run(['logs', job])).stdout).toBe(
      'resume=0 checkpoint=\nbegan\nresume=1 checkpoint=epoch-7\n',
    )
    expect(await readFile(join(spec.outputDir, 'final.txt'), 'utf8')).toBe('epoch-7\n')
  }, 90_000)
})

describe('offers that change their mind', () => {
  it('the cheapest has no machine left: the next one inside the ceiling is taken, and show tells why', async () => {
    await user.sandbox.fault({ kind: 'no-capacity' }, { operation: 'launch' })
    const run = ['run', ...onSandbox, '--gpus', '0', '--yes', '--output', 'next']
    const result = await user.run([...run, '--command', 'true'])
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    const [job] = await user.json<{ id: string }[]>(['jobs'])
    const { attempts, ceiling, summary } = await user.show(job?.id ?? '')
    expect(attempts).toHaveLength(2)
    expect(attempts[0]?.offerId).not.toBe(attempts[1]?.offerId)
    expect(summary.offer?.microsPerHour).toBeLessThanOrEqual(ceiling.microsPerHour)
    const shown = (await user.run(['show', job?.id ?? ''])).stdout
    expect(shown).toMatch(/capacity|no machine|free/i)
  })

  it('the price has moved above the ceiling: nothing is rented, and the new price is named', async () => {
    const gate = join(user.work, 'price.gate')
    await writeFile(
      join(user.work, 'moved.yaml'),
      `command: 'true'\ngpu: B200\ngpus: 1\nbefore: while [ ! -e '${gate}' ]; do sleep 0.05; done\n`,
    )
    const run = user.start(['run', 'moved.yaml', '--provider', 'sandbox', '--yes', '--json'])
    await user.untilState('queued')
    await user.sandbox.post('prices', { type: 'b200-1', microsPerHour: 9_990_000 })
    await writeFile(gate, '')
    expect(await run.exit).toBe(121)
    const last = JSON.parse(run.stdout().trim().split('\n').at(-1) ?? '') as {
      readonly error: { readonly message: string }
    }
    expect(last).toMatchObject({ type: 'done', state: 'failed', exitCode: 121, receipt: null })
    expect(last.error.message).toMatch(/\$9\.99\/h.*above the confirmed.*again/)
    await user.sandbox.post('prices', null)
  })

  it('nothing that fits has a machine free: it says so, and rents nothing', async () => {
    await user.sandbox.post('capacity', { type: 'mi300x-8', count: 0 })
    const run = ['run', '--provider', 'sandbox', '--command', 'true', '--gpu', 'MI300X', '--yes']
    expect(oneSentence(await user.run([...run, '--gpus', '8']), 121)).toMatch(/machine free/)
    await user.sandbox.post('capacity', null)
  })
})

describe('a provider that refuses', () => {
  it.each([
    ['the key, at the offers', 'offers', { kind: 'bad-key' }, /refuses its access key: .*sublet/],
    ['the launch for lack of permission', 'launch', { kind: 'permission' }, /permission for it: /],
  ] as const)(
    '%s: nothing is rented, and the sentence says so',
    async (_what, operation, effect, words) => {
      await user.sandbox.fault(effect, { operation, remaining: null })
      const run = ['run', ...onSandbox, '--gpus', '0', '--yes', '--command', 'true']
      const result = await user.run([...run, '--output', 'refused'])
      expect(result.exitCode).toBe(122)
      const said = `${result.stderr}${result.stdout}`.trim().split('\n')
      expect(said.find((line) => /^(sublet|Failed): /.test(line))).toMatch(words)
      expect((await machines()).filter(({ state }) => state !== 'ended')).toEqual([])
    },
  )

  it('every launch for lack of quota: each offer is tried once, and the last word is told', async () => {
    await user.sandbox.fault({ kind: 'quota' }, { operation: 'launch', remaining: null })
    const run = ['run', ...onSandbox, '--gpu', 'B200', '--gpus', '8', '--yes', '--command', 'true']
    const result = await user.run([...run, '--output', 'quota'])
    expect(result.exitCode).toBe(121)
    expect(result.stdout).toMatch(/^Failed: .*refused: .*quota/im)
  })
})

describe('a launch whose answer is lost after its effect', () => {
  it.each([
    ['an error', { kind: 'error', when: 'after', status: 503 }],
    ['a cut connection', { kind: 'disconnect', when: 'after' }],
    ['garbage', { kind: 'garbage' }],
  ] as const)('%s: exactly one machine is rented and billed', async (_what, effect) => {
    const before = (await machines()).length
    await user.sandbox.fault(effect, { operation: 'launch' })
    const job = await submit('true', '--gpus', '0')
    expect(await user.run(['attach', job])).toMatchObject({ exitCode: 0 })
    const { summary, receipts } = await user.show(job)
    expect((await machines()).slice(before)).toEqual([{ name: summary.rentalId, state: 'ended' }])
    expect(receipts).toMatchObject([{ rentalId: summary.rentalId }])
    const { totalMicros } = await user.json<{ totalMicros: number }>(['ledger'])
    expect(await user.json(['sandbox', 'status'])).toMatchObject({ billedMicros: totalMicros })
  })
})
