import { expect, test } from 'vitest'
import { cli } from '../../support/cli-rig.ts'
import * as facts from '../../support/fake-facts.ts'
import { FakeIo } from '../../support/fake-io.ts'

process.env['TZ'] = 'UTC'

async function output(...argv: string[]): Promise<string> {
  const { io, exit } = cli(argv)
  expect(await exit).toBe(0)
  expect(io.stderr).toBe('')
  return io.stdout
}

test('lists print aligned lines with units, ages and (simulated)', async () => {
  const commands = [
    'jobs',
    'show train',
    'offers',
    'instances',
    'ledger',
    'accounts list',
    'hosts list',
    'secrets list',
    'sandbox status',
  ]
  const parts: string[] = []
  for (const command of commands) {
    parts.push(`$ sublet ${command}\n${await output(...command.split(' '))}`)
  }
  await expect(parts.join('\n')).toMatchFileSnapshot('golden/lists.txt')
})

test('--json prints the arrays and objects that scripts read', async () => {
  expect(JSON.parse(await output('jobs', '--json'))).toEqual([facts.queuedJob])
  expect(JSON.parse(await output('offers', '--json'))).toEqual([facts.offer])
  expect(JSON.parse(await output('instances', '--json'))).toEqual([facts.billable])
  expect(JSON.parse(await output('ledger', '--json'))).toEqual({
    entries: [facts.entry],
    totalMicros: 42_700,
  })
  expect(JSON.parse(await output('sandbox', 'status', '--json'))).toEqual({
    machines: 1,
    billedMicros: 42_700,
    running: true,
  })
})

test('a secret comes from standard input or a hidden question, never from an argument', async () => {
  const piped = cli(['secrets', 'set', 'HF_TOKEN'], new FakeIo({ stdin: 'hf_123\n' }))
  expect(await piped.exit).toBe(0)
  expect(piped.engine.calls[0]?.input).toEqual({ name: 'HF_TOKEN', value: 'hf_123' })
  const typed = cli(['secrets', 'set', 'X'], new FakeIo({ terminal: true, answers: ['v'] }))
  expect(await typed.exit).toBe(0)
  expect(typed.engine.calls[0]?.input).toEqual({ name: 'X', value: 'v' })
  const wrong = cli(['secrets', 'set', 'HF_TOKEN=hf_123'])
  expect(await wrong.exit).toBe(120)
  expect(wrong.io.stderr).not.toContain('hf_123')
})

test('an account takes its secret from the environment or standard input', async () => {
  const env = new FakeIo({ env: { CLOUD_API_KEY: 'k1' } })
  const fromEnv = cli(['accounts', 'add', 'cloud', '--from-env'], env)
  expect(await fromEnv.exit).toBe(0)
  expect(fromEnv.engine.calls[0]?.input).toMatchObject({ name: 'cloud', values: { apiKey: 'k1' } })
  const piped = cli(['accounts', 'add', 'cloud', '--name', 'b'], new FakeIo({ stdin: 'k2' }))
  expect(await piped.exit).toBe(0)
  expect(piped.engine.calls[0]?.input).toMatchObject({ name: 'b', values: { apiKey: 'k2' } })
  const argued = cli(['accounts', 'add', 'cloud', '--set', 'apiKey=k3'])
  expect(await argued.exit).toBe(120)
  expect(argued.io.stderr).not.toContain('k3')
})

test('an account may leave optional fields empty, and prints the least policy it needs', async () => {
  const env = new FakeIo({ env: { ROLE_PROFILE: 'work' } })
  const fromEnv = cli(['accounts', 'add', 'roles', '--from-env'], env)
  expect(await fromEnv.exit).toBe(0)
  expect(fromEnv.engine.calls[0]?.input).toMatchObject({ values: { profile: 'work' } })
  const typed = new FakeIo({ terminal: true, answers: ['', 'work'] })
  const asked = cli(['accounts', 'add', 'roles'], typed)
  expect(await asked.exit).toBe(0)
  expect(asked.engine.calls[0]?.input).toMatchObject({ values: { profile: 'work' } })
  const policy = cli(['accounts', 'add', 'roles', '--policy'])
  expect(await policy.exit).toBe(0)
  expect(policy.io.stdout).toBe('{ "Version": "2012-10-17" }\n')
  expect(policy.engine.calls).toEqual([])
  const none = cli(['accounts', 'add', 'cloud', '--policy'])
  expect(await none.exit).not.toBe(0)
  expect(none.io.stderr).toContain('Cloud takes no policy')
})

test('a host is trusted by a yes or by its fingerprint, with its rate exact', async () => {
  const asked = cli(
    ['hosts', 'add', 'lab', 'ada@10.0.0.5:2222', '--rate', '0.40'],
    new FakeIo({ terminal: true, answers: ['yes'] }),
  )
  expect(await asked.exit).toBe(0)
  expect(asked.io.stdout).toContain('SHA256:abc (ssh-ed25519)')
  expect(asked.engine.calls[0]?.input).toMatchObject({
    rateMicrosPerHour: 400_000,
    trusted: facts.scan.keys,
  })
  const given = cli(['hosts', 'add', 'lab', 'a@b', '--fingerprint', 'SHA256:abc='])
  expect(await given.exit).toBe(0)
})

test('run reads the flags into a job file, absolute and exact', async () => {
  const flags =
    '--script a.py --data d --data e --gpu H100 --gpus 2 --min-vram 40 --spot --budget 5 --env A=b=c --secret S --tag t=1 --keep-warm 0 --yes --detach -- --epochs 3'
  const { engine, exit } = cli(['run', ...flags.split(' ')])
  expect(await exit).toBe(0)
  expect(engine.calls[0]?.input).toMatchObject({
    baseDir: '/nowhere',
    file: {
      script: '/nowhere/a.py',
      args: ['--epochs', '3'],
      data: ['/nowhere/d', '/nowhere/e'],
      gpu: 'H100',
      gpus: 2,
      minVram: 40,
      spot: true,
      budget: '5',
      env: { A: 'b=c' },
      secrets: ['S'],
      tags: { t: '1' },
      keepWarm: '0',
    },
  })
})

test('the engine hears only of the variables that a request may use', async () => {
  const io = new FakeIo({
    env: { CLOUD_API_KEY: 'k', SSH_AUTH_SOCK: '/s', OTHER_SECRET: 'x', LC_ALL: 'C' },
  })
  const { engine, exit } = cli(['run', '--command', 'x', '--yes', '--detach'], io)
  expect(await exit).toBe(0)
  const input = engine.calls[0]?.input as { environment: Record<string, string> }
  expect(input.environment).toEqual({ CLOUD_API_KEY: 'k', SSH_AUTH_SOCK: '/s', LC_ALL: 'C' })
})

test('every command has help with an example or a description', async () => {
  for (const command of ['run', 'jobs', 'hosts', 'accounts', 'secrets', 'instances', 'watch']) {
    const { io, exit } = cli([command, '--help'])
    expect(await exit).toBe(0)
    expect(io.stdout).toContain('Examples:')
  }
})
