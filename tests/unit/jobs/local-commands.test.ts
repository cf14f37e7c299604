import { mkdtempSync, writeFileSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { splitEnvironment } from '../../../main/domain/shell-variables.ts'
import { ClientEnvironment } from '../../../main/engine/client-environment.ts'
import { runLocalCommands } from '../../../main/jobs/local-commands.ts'
import { createRedactor } from '../../../main/logging/redactor.ts'
import { eventually } from '../../support/eventually.ts'
import { isAlive } from '../../support/sshd-processes.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sublet-local-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const { signal } = new AbortController()
const redactor = createRedactor()
const redact = (text: string): string => redactor.redact(text)

test('keys go to the providers, shell variables to the steps, and neither to the other', async () => {
  const passed = {
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C',
    CONDA_PREFIX: '/conda',
    CLOUD_API_KEY: 'key-1',
    SSH_AUTH_SOCK: '/agent',
  }
  const { shell } = splitEnvironment(passed)
  await runLocalCommands(['env >seen'], { cwd, environment: shell, redact, signal })
  const seen = readFileSync(join(cwd, 'seen'), 'utf8')
  expect(seen).toContain('CONDA_PREFIX=/conda')
  expect(seen).toContain('LC_ALL=C')
  expect(seen).not.toMatch(/CLOUD_API_KEY|SSH_AUTH_SOCK|key-1/)
  const client = new ClientEnvironment()
  client.learn(passed)
  expect(client.values()).toEqual({ CLOUD_API_KEY: 'key-1', SSH_AUTH_SOCK: '/agent' })
})

test('what a failed step printed is shown without secrets, also where it is cut', async () => {
  redactor.add('very-secret-value')
  const commands = ['printf very-secret-value; head -c 790 /dev/zero | tr "\\0" x; exit 3']
  const failed = runLocalCommands(commands, { cwd, environment: {}, redact, signal })
  await expect(failed).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(/exit code 3\. Its output ends: \[?secret\]x+$/) as string,
  })
  await expect(failed).rejects.not.toThrow(/-value/)
})

test('an abort ends everything that a step started', async () => {
  const leaving = new AbortController()
  const command = `sh -c 'trap "" TERM; sleep 300 & echo $! >inner; wait' & sleep 301 & echo $! >outer; wait`
  const running = runLocalCommands([command, 'touch never'], {
    cwd,
    environment: {},
    redact,
    signal: leaving.signal,
  })
  const pids = await eventually(() => {
    const noted = ['inner', 'outer'].map((name) => Number(readFileSync(join(cwd, name), 'utf8')))
    return noted.every((pid) => pid > 0) ? noted : null
  })
  expect(pids.every((pid) => isAlive(pid))).toBe(true)
  leaving.abort()
  await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  await eventually(() => !pids.some((pid) => isAlive(pid)))
  await expect(
    runLocalCommands(['true'], { cwd, environment: {}, redact, signal: leaving.signal }),
  ).rejects.toMatchObject({ name: 'AbortError' })
})

test('a server that a step leaves in the background does not hold the job up', async () => {
  const command = 'sleep 300 & echo $! >server'
  await runLocalCommands([command], { cwd, environment: {}, redact, signal })
  const server = Number(readFileSync(join(cwd, 'server'), 'utf8'))
  expect(isAlive(server)).toBe(true)
  process.kill(server)
})

test('an empty step does nothing, and one with a zero byte is refused in words', async () => {
  const options = { cwd, environment: {}, redact, signal }
  await runLocalCommands(['', '  ', 'echo done >seen'], options)
  expect(readFileSync(join(cwd, 'seen'), 'utf8')).toBe('done\n')
  await expect(runLocalCommands(['echo a\0b'], options)).rejects.toMatchObject({
    code: 'invalid',
  })
})

test('a folder that is a file, or below one, is refused in words', async () => {
  writeFileSync(join(cwd, 'file'), '')
  for (const folder of [join(cwd, 'file'), join(cwd, 'file', 'below')]) {
    const options = { cwd: folder, environment: {}, redact, signal }
    await expect(runLocalCommands(['true'], options)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(folder) as string,
    })
  }
})
