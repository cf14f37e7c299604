import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { testUser, type CliResult, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { nothingRented } from '../support/nothing-rented.ts'
import { oneSentence, plain } from '../support/sentences.ts'
import type { SubletProcess } from '../support/sublet-process.ts'

let user: TestUser

const onSandbox = ['--provider', 'sandbox', '--gpus', '0', '--yes'] as const
const command = (text: string, ...more: readonly string[]): readonly string[] => [
  'run',
  ...onSandbox,
  ...(more.includes('--keep-warm') ? [] : ['--keep-warm', '0']),
  '--command',
  text,
  ...more,
]
/** Each job its own output folder, which is not made here. */
const output = (name: string): readonly string[] => ['--output', join(user.work, name)]
const lineOf = ({ stdout }: CliResult, beginning: string): string =>
  stdout.split('\n').find((line) => line.startsWith(beginning)) ?? `no "${beginning}" in: ${stdout}`

/** Starts a run that prints "began", and waits until that is shown here. */
async function begun(args: readonly string[]): Promise<SubletProcess> {
  const process = user.start(args)
  await eventually(() => /^began$/m.test(process.stdout()), {
    timeoutMs: 40_000,
    what: 'the job to begin',
  })
  return process
}
const resultOf = async (process: SubletProcess): Promise<CliResult> => ({
  exitCode: await process.exit,
  stdout: process.stdout(),
  stderr: process.stderr(),
})

beforeAll(async () => {
  user = await testUser()
})
afterAll(async () => await user.stop())
afterEach(async () => await nothingRented(user))

describe('a job that ends badly', () => {
  it('leaves no outputs: a note says so, and all is well', async () => {
    const result = await user.run(command('echo nothing', ...output('none')))
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    expect(plain(lineOf(result, 'Note:'))).toMatch(/left no results.*\$SUBLET_OUTPUT/)
    expect(lineOf(result, 'Gone:')).toMatch(/confirmed by/)
  })

  it('fails at once: its exit code is returned, and its machine waits 10 minutes for the next try', async () => {
    const args = ['--output', join(user.work, 'failed')]
    const result = await user.run(['run', ...onSandbox, '--command', 'exit 3', ...args])
    expect(result.exitCode).toBe(3)
    const kept = plain(lineOf(result, 'The machine is still rented'))
    expect(kept).toMatch(/until \d\d:\d\d.*\$0\.\d+.*sublet instances release/)
    expect(await user.json(['sandbox', 'status'])).toMatchObject({ machines: 1 })
    const released = await user.run(['stop', '--all'])
    expect(released).toMatchObject({ exitCode: 0 })
    expect(released.stdout).toContain('Releasing 1 machine')
  })

  it('fails at once with --keep-warm 0: the machine goes at once', async () => {
    const result = await user.run(command('exit 3', ...output('failed')))
    expect(result.exitCode).toBe(3)
    expect(lineOf(result, 'Gone:')).toMatch(/confirmed by/)
  })

  it('reaches its longest duration: it is stopped, and what it made is home', async () => {
    const text = 'echo half > "$SUBLET_OUTPUT/half.txt"; sleep 600'
    const result = await user.run(command(text, '--max-duration', '2s', ...output('long')))
    expect(result.exitCode).toBe(123)
    expect(plain(lineOf(result, 'Failed:'))).toMatch(/longest duration/)
    expect(await readFile(join(user.work, 'long', 'half.txt'), 'utf8')).toBe('half\n')
  })

  it('ignores SIGTERM when it is stopped: it is killed after its grace, and collected', async () => {
    await writeFile(
      join(user.work, 'stubborn.yaml'),
      stringify({
        command:
          'trap "echo not yet" TERM; echo kept > "$SUBLET_OUTPUT/kept.txt"; echo began; while :; do sleep 0.1; done',
        output: 'stubborn',
        grace: '1s',
        keepWarm: 0,
      }),
    )
    const run = await begun(['run', 'stubborn.yaml', ...onSandbox])
    const { id } = await user.untilState('running')
    expect(await user.run(['stop', id])).toMatchObject({ exitCode: 0, stderr: '' })
    const result = await resultOf(run)
    expect(result.exitCode).toBe(130)
    expect(plain(lineOf(result, 'Stopped:'))).toMatch(/by you/)
    expect(result.stdout).toMatch(/^not yet$/m)
    expect(await readFile(join(user.work, 'stubborn', 'kept.txt'), 'utf8')).toBe('kept\n')
  })
})

describe('the command line is ended', () => {
  it('by Ctrl-C without a terminal: the job stops, its results come home, the machine goes', async () => {
    const text = 'echo half > "$SUBLET_OUTPUT/half.txt"; echo began; sleep 600'
    const run = await begun(command(text, ...output('interrupted')))
    run.child.kill('SIGINT')
    const result = await resultOf(run)
    expect(result.exitCode).toBe(130)
    expect(lineOf(result, 'Stopping:')).toMatch(/collecting/)
    expect(lineOf(result, 'Gone:')).toMatch(/confirmed by/)
    expect(readdirSync(join(user.work, 'interrupted'))).toEqual(['half.txt'])
  })

  it('by Ctrl-C while the machine boots: nothing runs, the machine goes', async () => {
    await user.sandbox.fault({ kind: 'slow-boot', ms: 600_000 })
    const run = user.start(command('echo ran', ...output('early')))
    const { id } = await user.untilState('booting')
    run.child.kill('SIGINT')
    const result = await resultOf(run)
    expect(result).toMatchObject({ exitCode: 130, stderr: '' })
    expect(plain(lineOf(result, 'Stopped:'))).toMatch(/by you/)
    expect((await user.run(['logs', id])).stdout).toBe('')
  })

  it('by SIGTERM: the job goes on without it', async () => {
    const gate = join(user.work, 'gate')
    const text = `echo began; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo whole > "$SUBLET_OUTPUT/whole.txt"`
    const run = await begun(command(text, ...output('terminated')))
    const { id } = await user.untilState('running')
    run.child.kill('SIGTERM')
    expect(await run.exit).toBe('SIGTERM')
    await writeFile(gate, '')
    expect(await user.run(['attach', id])).toMatchObject({ exitCode: 0, stderr: '' })
    expect(existsSync(join(user.work, 'terminated', 'whole.txt'))).toBe(true)
  })
})

describe('two jobs with one output folder', () => {
  it('do not run at once: the second one is told which is in its way', async () => {
    await mkdir(join(user.work, 'shared'))
    const run = await begun(command('echo began; sleep 600', ...output('shared')))
    const { id } = await user.untilState('running')
    for (const folder of ['shared', 'shared/deeper']) {
      const refused = oneSentence(await user.run(command('true', ...output(folder))), 120)
      expect(refused).toMatch(new RegExp(`${id}.*/shared.*--output`))
    }
    await user.run(['stop', id, '--discard'])
    expect(await run.exit).toBe(130)
    expect(await user.run(command('true', ...output('shared')))).toMatchObject({ exitCode: 0 })
  })

  it('do not slip in at the same moment', async () => {
    const both = await Promise.all(
      [1, 2].map(async () => await user.run(command('sleep 3', ...output('shared')))),
    )
    const [refused, ...others] = both.toSorted((a, b) => Number(b.exitCode) - Number(a.exitCode))
    expect(others).toMatchObject([{ exitCode: 0 }])
    expect(oneSentence(refused ?? { exitCode: 0, stdout: '', stderr: '' }, 120)).toMatch(/--output/)
  })
})
