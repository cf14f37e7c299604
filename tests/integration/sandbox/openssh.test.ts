import { randomBytes } from 'node:crypto'
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SshTarget } from '../../../main/providers/provider.ts'
import { eventually } from '../../support/eventually.ts'
import { launchRequest, newLoginKey, refOf, untilReachable } from '../../support/rent.ts'
import { collect } from '../../support/collect.ts'
import { testSandbox } from '../../support/sandbox.ts'

const run = promisify(execFile)
const signal = new AbortController().signal
const hasScript = existsSync('/usr/bin/script')
if (!hasScript)
  process.stdout.write('Skipped: no `script` for terminals here (Debian: util-linux).\n')
const hasClient = existsSync('/usr/bin/ssh') && existsSync('/usr/bin/sftp')
if (!hasClient) process.stdout.write('Skipped: no OpenSSH client here (Debian: openssh-client).\n')

describe.skipIf(!hasClient)('a sandbox machine and the OpenSSH client', () => {
  const sandbox = testSandbox()
  const folder = mkdtempSync(join(tmpdir(), 'sublet-openssh-'))
  let target: SshTarget
  let options: string[]

  beforeAll(async () => {
    const key = newLoginKey()
    const offer = (await collect(sandbox.session.offers({}, signal))).find(
      ({ machineType }) => machineType === 'h100-2',
    )
    if (offer === undefined) throw new Error('The catalogue has no h100-2.')
    const now = sandbox.clock.now()
    const instance = await sandbox.session.launch(launchRequest(offer, key.publicKey, now), signal)
    target = await untilReachable(sandbox.session, refOf(instance, now))
    writeFileSync(join(folder, 'key'), key.privateKey, { mode: 0o600 })
    writeFileSync(
      join(folder, 'known'),
      `[${target.host}]:${target.port} ${String(target.hostKeys[0])}\n`,
    )
    options = [
      '-F',
      '/dev/null',
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      `UserKnownHostsFile=${folder}/known`,
      '-o',
      'BatchMode=yes',
      '-i',
      join(folder, 'key'),
    ]
  })
  afterAll(async () => {
    await sandbox.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const ssh = (command: string): Promise<{ stdout: string; stderr: string }> =>
    run('ssh', [...options, '-p', String(target.port), `${target.user}@${target.host}`, command])

  it('logs in under strict host key checking and runs commands', async () => {
    const { stdout } = await ssh('pwd; echo "$USER"; nvidia-smi -L')
    expect(stdout).toContain('/home\nsandbox\nGPU 0: NVIDIA H100')
    expect(stdout).toContain('simulated')
  })

  it('passes on exit codes, both outputs and the end of input', async () => {
    await expect(ssh('echo out; echo err >&2; exit 7')).rejects.toMatchObject({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    })
    const child = spawn('ssh', [
      ...options,
      '-p',
      String(target.port),
      `${target.user}@${target.host}`,
      'wc -c',
    ])
    const chunks: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => chunks.push(bytes))
    child.stdin.end(Buffer.alloc(3_000_000, 120))
    await new Promise((resolve) => {
      child.once('close', resolve)
    })
    expect(Buffer.concat(chunks).toString().trim()).toBe('3000000')
  })

  it('sends large interleaved outputs completely', async () => {
    const command =
      'head -c 6000000 /dev/zero | tr "\\0" a & head -c 6000000 /dev/zero | tr "\\0" b >&2; wait'
    const { stdout, stderr } = await run(
      'ssh',
      [...options, '-p', String(target.port), `${target.user}@${target.host}`, command],
      {
        maxBuffer: 32_000_000,
      },
    )
    expect([stdout.length, stderr.length]).toEqual([6_000_000, 6_000_000])
    expect(/^a+$/.test(stdout) && /^b+$/.test(stderr)).toBe(true)
  })

  it('leaks nothing of the environment in which the sandbox runs', async () => {
    const { stdout } = await ssh('env')
    const names = stdout.split('\n').map((line) => line.split('=')[0])
    expect(names.filter((name) => name?.startsWith('SUBLET_'))).toEqual(['SUBLET_SANDBOX_MACHINE'])
    expect(stdout).not.toContain('node_modules')
  })

  it('keeps its own tools on PATH in a login shell', async () => {
    const { stdout } = await ssh(
      'sh -lc "command -v nvidia-smi; command -v sandbox-self-terminate"',
    )
    expect(stdout.trim().split('\n')).toHaveLength(2)
  })

  it.skipIf(!hasScript)('gives a terminal to who asks for one', async () => {
    const child = spawn('ssh', [
      ...options,
      '-tt',
      '-p',
      String(target.port),
      `${target.user}@${target.host}`,
    ])
    let shown = ''
    child.stdout.on('data', (bytes: Buffer) => {
      shown += bytes.toString()
    })
    child.stdin.write('tty; echo "at $HOME"; exit 5\n')
    const code = await new Promise((resolve) => {
      child.once('close', resolve)
    })
    expect(shown).toContain('/dev/pts/')
    expect(shown).toContain('/home\r\n')
    expect(code).toBe(5)
  })

  it('exchanges files with sftp: put, permissions, rename, symlink, list, get, remove', async () => {
    const bytes = Buffer.alloc(3_000_001, 'sublet')
    writeFileSync(join(folder, 'up'), bytes, { mode: 0o640 })
    const batch = [
      `put -p ${folder}/up "a file"`,
      'mkdir dir',
      'rename "a file" dir/b',
      'symlink b dir/link',
      'ls -l dir',
      `get -p dir/b ${folder}/down`,
      `get dir/link ${folder}/linked`,
      'chmod 600 dir/b',
      'rm dir/b',
      'rm dir/link',
      'rmdir dir',
      'bye',
    ]
    writeFileSync(join(folder, 'batch'), `${batch.join('\n')}\n`)
    const { stdout } = await run('sftp', [
      ...options,
      '-b',
      join(folder, 'batch'),
      '-P',
      String(target.port),
      `${target.user}@${target.host}`,
    ])
    expect(stdout).toMatch(/-rw-r-----.*\bb\n/)
    expect(readFileSync(join(folder, 'down')).equals(bytes)).toBe(true)
    expect(readFileSync(join(folder, 'linked')).equals(bytes)).toBe(true)
    const { stdout: left } = await ssh('ls')
    expect(left).toBe('')
  })

  it('answers in order, so that scp keeps a large file whole', async () => {
    const bytes = randomBytes(48_000_000)
    writeFileSync(join(folder, 'large'), bytes)
    const remote = `${target.user}@${target.host}:large`
    await run('scp', [...options, '-P', String(target.port), join(folder, 'large'), remote])
    await run('scp', [...options, '-P', String(target.port), remote, join(folder, 'large-back')])
    expect(readFileSync(join(folder, 'large-back')).equals(bytes)).toBe(true)
    await ssh('rm large')
  })

  it('copies a tree with scp and back', async () => {
    await run('scp', [
      ...options,
      '-P',
      String(target.port),
      '-r',
      join(import.meta.dirname),
      `${target.user}@${target.host}:tree`,
    ])
    await run('scp', [
      ...options,
      '-P',
      String(target.port),
      '-r',
      `${target.user}@${target.host}:tree`,
      join(folder, 'tree'),
    ])
    const { stdout } = await run('diff', ['-r', import.meta.dirname, join(folder, 'tree')])
    expect(stdout).toBe('')
  })

  it('shows a load that follows the processes', async () => {
    const query =
      'nvidia-smi --query-gpu=utilization.gpu,memory.used --format=csv,noheader,nounits -i 0'
    expect((await ssh(query)).stdout).toBe('0, 1\n')
    await ssh(`setsid sh -c 'echo $$ > busy; while :; do :; done' >/dev/null 2>&1 </dev/null &`)
    try {
      // Other tests take their part of the processors.
      await eventually(async () => Number((await ssh(query)).stdout.split(',')[0]) > 5, {
        what: 'GPU load',
        timeoutMs: 30_000,
        everyMs: 200,
      })
    } finally {
      await ssh('kill -9 $(cat busy)')
    }
    await eventually(async () => (await ssh(query)).stdout === '0, 1\n', {
      what: 'an idle GPU',
      everyMs: 200,
    })
  })
})
