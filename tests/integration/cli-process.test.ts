import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { startSublet } from '../support/sublet-process.ts'

const program = fileURLToPath(new URL('../support/fake-engine-program.ts', import.meta.url))
let home: string
const engines: ChildProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sublet-cli-'))
})
afterEach(async () => {
  for (const engine of engines.splice(0)) {
    const gone = new Promise((resolve) => engine.once('exit', resolve))
    if (engine.exitCode === null && engine.signalCode === null) {
      engine.kill('SIGKILL')
      await gone
    }
  }
  await rm(home, { recursive: true, force: true })
})

async function engineWith(env: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
  const engine = spawn(process.execPath, [program], {
    env: { ...process.env, SUBLET_HOME: home, ...env },
    stdio: 'ignore',
  })
  engines.push(engine)
  await eventually(() => existsSync(path.join(home, 'engine.sock')), { what: 'the fake engine' })
  return engine
}

test('run follows over a real socket and passes the exit code on', async () => {
  await engineWith({ FAKE_EXIT: '7' })
  const run = startSublet(['run', '--command', 'true', '--yes'], home)
  expect(await run.exit).toBe(7)
  expect(run.stderr()).toBe('')
  expect(run.stdout()).toMatch(/line 1\nline 2\nline 3\nline 4\nline 5\n/)
  expect(run.stdout()).toMatch(/Gone: confirmed by Sandbox at /)
})

test('the last line of run --json is done, and every line is JSON', async () => {
  await engineWith()
  const run = startSublet(['run', '--command', 'true', '--yes', '--json'], home)
  expect(await run.exit).toBe(0)
  const events = run
    .stdout()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(events.at(-1)).toMatchObject({ type: 'done', state: 'done', exitCode: 0 })
})

test('an interrupt without a terminal stops, releases and exits 130, through an old Node too', async () => {
  await engineWith({ FAKE_LINES: '100000' })
  const systemNode = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => existsSync(file))
  if (systemNode === undefined)
    process.stderr.write('No system Node: the launcher runs on the pinned one.\n')
  const run = startSublet(
    ['run', '--command', 'true', '--yes'],
    home,
    systemNode === undefined ? {} : { node: systemNode },
  )
  await eventually(() => run.stdout().includes('line 3'))
  run.child.kill('SIGINT')
  expect(await run.exit).toBe(130)
  expect(run.stdout()).toMatch(/Stopping: collecting/)
  expect(run.stdout()).toMatch(/Gone: confirmed/)
})

test('logs writes the bytes of the job and nothing else', async () => {
  await engineWith()
  await startSublet(['run', '--command', 'true', '--yes'], home).exit
  const logs = startSublet(['logs', 'train'], home)
  expect(await logs.exit).toBe(0)
  expect(logs.stdout()).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n')
})

test.each([
  [['run'], 120, /Nothing to run/],
  [['run', 'nope.yaml'], 120, /nope\.yaml does not exist/],
  [['show', 'zebra'], 120, /There is no job "zebra"/],
  [['run', '--command', 'x', '--gpus', 'four'], 120, /give a whole number from 0 to 64/],
  [['hosts', 'add', 'lab', 'a@b'], 120, /--fingerprint SHA256:abc/],
  [['hosts', 'add', 'lab', 'a@b', '--fingerprint', 'SHA256:other'], 122, /another key/],
])('%j ends with %i and one sentence', async (args, code, sentence) => {
  await engineWith()
  const run = startSublet(args, home)
  run.child.stdin.end()
  expect(await run.exit).toBe(code)
  expect(run.stderr()).toMatch(sentence)
  expect(run.stderr().trimEnd().split('\n')).toHaveLength(1)
  expect(run.stdout()).toBe('')
})
