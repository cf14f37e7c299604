import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { filesWith, processesWith } from '../support/traces.ts'
import { testUser, type TestUser } from '../support/cli.ts'
import { eventually } from '../support/eventually.ts'
import { nothingRented } from '../support/nothing-rented.ts'

let user: TestUser

const onSandbox = ['--provider', 'sandbox', '--gpus', '0'] as const
const gone = ['--keep-warm', '0'] as const
const warm = ['--keep-warm', '10m'] as const
const run = async (...args: readonly string[]) =>
  await user.run(['run', ...onSandbox, '--yes', ...args])
const latest = async (): Promise<string> => {
  const [job] = await user.json<readonly { readonly id: string }[]>(['jobs'])
  return job?.id ?? ''
}
const textOf = async (...path: readonly string[]): Promise<string> =>
  await readFile(join(user.work, ...path), 'utf8')

beforeAll(async () => {
  user = await testUser()
})
afterAll(async () => await user.stop())
afterEach(async () => {
  await user.run(['stop', '--all'])
  await nothingRented(user)
})

describe('what a job sees and leaves', () => {
  it('its variables, arguments and data; what it made, what it changed, and what outputs: names', async () => {
    const files = {
      'proj/job.sh': `#!/bin/sh
facts=$SUBLET_OUTPUT/facts.txt
printf '%s\\n' "job=$SUBLET_JOB_ID" "resume=$SUBLET_RESUME" "colour=$COLOUR" "epochs=$EPOCHS" >"$facts"
printf '%s\\n' "args=$1|$2" "made=$(cat generated.txt)" "one=$(cat "$SUBLET_DATA/one.csv")" >>"$facts"
(cd "$SUBLET_DATA" && find . -type f | LC_ALL=C sort) >>"$facts"
echo changed >>notes.txt
mkdir -p made __pycache__
echo new >made/new.txt
echo cache >__pycache__/job.pyc
`,
      'proj/notes.txt': 'first\n',
      'proj/same.txt': 'same\n',
      'proj/kept/a.cfg': 'a\n',
      'proj/kept/b.txt': 'b\n',
      'proj/sublet.yaml': stringify({
        name: 'contract',
        script: 'job.sh',
        args: ['--epochs', '3 of "4"'],
        data: ['../rows', '../one.csv'],
        output: '../out',
        outputs: ['kept/*.cfg'],
        before: 'echo "here $(basename "$PWD")" > generated.txt',
        after: 'cp "$SUBLET_OUTPUT/facts.txt" "after $(basename "$PWD").txt"',
        env: { COLOUR: `dark "red" $HOME`, EPOCHS: 3 },
      }),
      'rows/deep/r 1.csv': '1\n',
      'one.csv': 'only\n',
    }
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(user.work, name, '..'), { recursive: true })
      await writeFile(join(user.work, name), text)
    }

    expect(await run('proj', ...gone)).toMatchObject({ exitCode: 0, stderr: '' })

    const facts = [
      `job=${await latest()}`,
      'resume=0',
      `colour=dark "red" $HOME`,
      'epochs=3',
      'args=--epochs|3 of "4"',
      'made=here proj',
      'one=only',
      './one.csv',
      './rows/deep/r 1.csv',
    ]
    expect((await textOf('out/facts.txt')).trim().split('\n')).toEqual(facts)
    expect(await textOf('proj/after proj.txt')).toBe(await textOf('out/facts.txt'))
    expect(await textOf('out/notes.txt')).toBe('first\nchanged\n')
    const home = await readdir(join(user.work, 'out'), { recursive: true, withFileTypes: true })
    const names = home.filter((one) => one.isFile()).map((one) => one.name)
    expect(names.sort()).toEqual(['a.cfg', 'facts.txt', 'new.txt', 'notes.txt'])
    // The user's own folder is as it was, but for what the local steps wrote.
    expect(await textOf('proj/notes.txt')).toBe('first\n')
  })

  it('its exit code is the exit code of run, and an executable without extension runs', async () => {
    const tool = join(user.work, 'tool')
    await writeFile(
      tool,
      '#!/usr/bin/env bash\nif [ "$1" = signal ]; then kill -9 $$; fi\nexit "$1"\n',
    )
    await chmod(tool, 0o755)
    const codes: (number | string)[] = []
    for (const word of ['0', '7', '130', '255', 'signal']) {
      const { exitCode } = await run('--script', 'tool', ...warm, '--', word)
      codes.push(exitCode)
    }
    expect(codes).toEqual([0, 7, 130, 255, 137])
  })

  it('its set-up runs once, and not again on a warm machine', async () => {
    const setup = ['--setup', 'echo prepared >> "$HOME/prepared.txt"'] as const
    const count = [
      '--command',
      'wc -l < "$HOME/prepared.txt" > "$SUBLET_OUTPUT/count.txt"',
    ] as const
    for (const name of ['once', 'again']) {
      const result = await run(...setup, ...count, ...warm, '--output', name)
      expect(result).toMatchObject({ exitCode: 0, stderr: '' })
      expect((await textOf(name, 'count.txt')).trim()).toBe('1')
    }
    const failed = await run('--setup', 'exit 9', ...count, ...gone, '--output', 'never')
    expect(failed.exitCode).toBe(9)
    expect(failed.stdout).toMatch(/the set-up failed with exit code 9; the job was not started/)
  })

  it('run --json ends with what is documented', async () => {
    const output = ['--output', 'json', ...gone] as const
    const { exitCode, stdout } = await run('--command', 'echo hello; exit 4', '--json', ...output)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(exitCode).toBe(4)
    expect(events.slice(0, 2)).toMatchObject([{ type: 'proposal' }, { type: 'submitted' }])
    expect(events.filter((one) => one['type'] === 'log')).toMatchObject([{ text: 'hello\n' }])
    const { summary, receipts } = await user.show(await latest())
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      job: summary.id,
      state: 'failed',
      exitCode: 4,
      costMicros: summary.costMicros,
      receipt: receipts[0],
    })
    expect(receipts[0]).toMatchObject({ rentalId: summary.rentalId })
  })
})

describe('a secret', () => {
  it('reaches the job and nothing else: no file, no argument, no log', async () => {
    const value = `hf_${createHash('sha256').update(user.base).digest('hex').slice(0, 32)}`
    const gate = join(user.work, 'gate')
    const script = [
      'printf %s "$HF_TOKEN" | sha256sum | cut -d" " -f1 >"$SUBLET_OUTPUT/hash.txt"',
      'echo began',
      `while [ ! -e '${gate}' ]; do sleep 0.05; done`,
      'echo "the token is $HF_TOKEN!"',
      'echo "the token is $HF_TOKEN!" >&2',
    ].join('\n')
    await writeFile(join(user.work, 'secret.sh'), `${script}\n`)
    // Without a keychain the value lives as long as the engine.
    const set = await user.run(['secrets', 'set', 'HF_TOKEN'], {
      input: `${value}\n`,
      env: { SUBLET_ENGINE_IDLE_MS: '120000' },
    })
    expect(set).toMatchObject({ exitCode: 0 })
    const args = ['--script', 'secret.sh', '--secret', 'HF_TOKEN', '--output', 'secret']
    const job = await user.submit([...onSandbox, ...gone, ...args])
    await eventually(async () => (await user.run(['logs', job])).stdout === 'began\n', {
      timeoutMs: 40_000,
      everyMs: 200,
    })

    // The machine's own disk stands below the home too.
    expect(await filesWith(user.base, value)).toEqual([])
    expect(processesWith(value)).toEqual([])
    await writeFile(gate, '')
    expect(await user.run(['attach', job])).toMatchObject({ exitCode: 0 })

    const hash = createHash('sha256').update(value).digest('hex')
    expect(await textOf('secret/hash.txt')).toBe(`${hash}\n`)
    expect(await filesWith(user.base, hash)).toEqual([join(user.work, 'secret', 'hash.txt')])
    const { stdout } = await user.run(['logs', job])
    expect(stdout).toMatch(/^began\n(the token is \S+!\n){2}$/)
    expect(stdout).not.toContain(value)
    expect(JSON.stringify(await user.show(job))).not.toContain(value)
    expect(await filesWith(user.base, value)).toEqual([])
  })
})
