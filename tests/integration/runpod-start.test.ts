import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Machine } from '../../main/machine/machine.ts'
import { renewHostKey } from '../../main/machine/host-key/renew.ts'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import { startScript } from '../../main/providers/runpod/start-script.ts'
import { podStart } from '../../main/providers/runpod/start.ts'
import { eventually } from '../support/eventually.ts'
import { memoryPins } from '../support/host-key-pins.ts'
import { newLoginKey } from '../support/rent.ts'
import { sshdAvailable } from '../support/sshd.ts'

function have(program: string): boolean {
  if (spawnSync(program, ['--version']).error === undefined) return true
  process.stderr.write(`SKIPPED: needs ${program} (apt-get install ${program}).\n`)
  return false
}

test.skipIf(!have('shellcheck'))('the start script is clean by shellcheck, as POSIX sh', () => {
  const { stdout } = spawnSync('shellcheck', ['--shell=sh', '-'], { input: startScript })
  expect(String(stdout)).toBe('')
})

test.each(['dash', 'bash', 'busybox'])('the start script parses under %s', (shell) => {
  if (spawnSync(shell, ['-c', ':']).error !== undefined) return
  const applet = shell === 'busybox' ? ['sh'] : []
  const { stderr } = spawnSync(shell, [...applet, '-n'], { input: startScript })
  expect(String(stderr)).toBe('')
})

/** The start command as a pod runs it, in a folder in place of the container's root. */
describe.skipIf(!sshdAvailable())('a pod that starts', () => {
  const login = newLoginKey()
  const host = newLoginKey()
  const hostKey = { ...host, publicKey: host.publicKey.split(' ').slice(0, 2).join(' ') }
  let root: string
  let port: number
  let pod: ChildProcess
  let machine: Machine
  let start: () => ChildProcess

  const connect = async (key = hostKey.publicKey): Promise<Machine> => {
    const { username: user } = userInfo()
    const target = { host: '127.0.0.1', port, user, hostKeys: [key] }
    const pins = memoryPins()
    await pins.pin(`[127.0.0.1]:${port}`, key)
    return await connectMachine(target, { privateKeyPath: join(root, 'login') }, pins)
  }
  const reached = async (): Promise<Machine> =>
    await eventually(() => connect().catch(() => null), {
      timeoutMs: 20_000,
      what: 'its SSH server',
    })

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'sublet-pod-'))
    port = await freePort()
    writeFileSync(join(root, 'login'), login.privateKey, { mode: 0o600 })
    // As a container's image may have them: keys that everybody who has the image knows.
    mkdirSync(join(root, 'etc/ssh'), { recursive: true })
    writeFileSync(join(root, 'etc/ssh/ssh_host_rsa_key'), 'known to all')
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
    const userData = `#!/bin/sh\nprintf %s "$HOME" >${join(root, 'first')}\n`
    const { args, env } = podStart(
      { publicKey: login.publicKey, userData, hostKey },
      'home-of-this-test',
    )
    start = () =>
      spawn('sh', ['-c', `exec ${args}`], {
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...env,
          PATH: `${join(root, 'image/bin')}:${process.env['PATH']}`,
          HOME: root,
          CUDA_HOME: "/usr/local/cuda it's",
          TWO_LINES: 'A=1\nB=2',
          RUNPOD_API_KEY: 'rpa_of_the_pod',
          SUBLET_ROOT: root,
          SUBLET_SSH_PORT: String(port),
        },
      })
    pod = start()
    machine = await reached()
  }, 30_000)
  const end = async (): Promise<void> => {
    machine.close()
    if (pod.pid !== undefined) process.kill(-pod.pid, 'SIGTERM')
    await eventually(() => pod.exitCode !== null, { what: 'the pod to end' })
  }
  afterAll(async () => {
    await end()
    rmSync(root, { recursive: true, force: true })
  })

  test('lets our key in, shows the host key that was sent along, and takes files', async () => {
    const signal = AbortSignal.timeout(20_000)
    expect((await machine.exec('echo there', { signal })).stdout).toBe('there\n')
    expect(readFileSync(join(root, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8')).toContain(
      hostKey.publicKey,
    )
    expect(spawnSync('ls', [join(root, 'etc/ssh')], { encoding: 'utf8' }).stdout).not.toContain(
      'rsa',
    )
    const file = await machine.openFile(join(root, 'sent'), 'create', signal)
    await file.write(0, Buffer.from('by SFTP'))
    await file.close()
    expect(readFileSync(join(root, 'sent'), 'utf8')).toBe('by SFTP')
  })

  test('has run the lease before, with a home', () => {
    expect(readFileSync(join(root, 'first'), 'utf8')).toBe(root)
  })

  test('gives log-ins the variables of the image, and none of what was for its start', () => {
    const profile = join(root, 'etc/profile.d/sublet-image.sh')
    const script = `. ${profile}; printf '%s|%s|%s' "$CUDA_HOME" "$TWO_LINES" "$PATH"`
    const ask = (env: NodeJS.ProcessEnv): string =>
      spawnSync('sh', ['-c', script], { encoding: 'utf8', env }).stdout
    const path = `${join(root, 'image/bin')}:`
    expect(ask({})).toContain(`/usr/local/cuda it's|A=1\nB=2|${path}`)
    // The job's own come first.
    expect(ask({ CUDA_HOME: 'mine', PATH: '/usr/bin' })).toContain(`mine|A=1\nB=2|${path}`)
    const text = readFileSync(profile, 'utf8')
    for (const secret of ['RUNPOD_API_KEY', 'SUBLET_START', 'SUBLET_HOST_KEY', 'PUBLIC_KEY'])
      expect(text).not.toContain(secret)
  })

  test('stays up when a job ends its SSH server', async () => {
    machine.close()
    const servers = spawnSync('pgrep', ['-P', String(pod.pid), '-x', 'sshd'], { encoding: 'utf8' })
    const server = Number(servers.stdout.trim())
    expect(server).toBeGreaterThan(0)
    process.kill(server, 'SIGKILL')
    machine = await reached()
    expect(pod.exitCode).toBeNull()
  })

  test('replaces the host key that was sent along, when it is told to', async () => {
    const signal = AbortSignal.timeout(20_000)
    let trusted = [hostKey.publicKey]
    const renewed = await renewHostKey({
      machine,
      injected: hostKey.publicKey,
      trusted: async () => trusted,
      trust: async (key) => void trusted.push(key),
      trustOnly: async (key) => void (trusted = [key]),
      prove: async (key) => (await connect(key)).close(),
      signal,
    })
    expect(renewed).toMatchObject({ keptBecause: null })
    expect(trusted).toEqual([renewed.key])
    expect(renewed.key).not.toBe(hostKey.publicKey)
    await expect(connect()).rejects.toMatchObject({ code: 'host-key' })
    // A container that starts again is told the old one once more.
    await end()
    pod = start()
    machine = await eventually(() => connect(renewed.key), {
      timeoutMs: 20_000,
      what: 'the same key after a start of the container',
    })
  })
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
