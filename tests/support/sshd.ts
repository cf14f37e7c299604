import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { SshTarget } from '../../main/providers/provider.ts'
import type { KeyPair } from '../../main/machine/ssh/keys.ts'
import { eventually } from './eventually.ts'
import { isAlive, processesWithEnvironment, sessionProcesses, signalAll } from './sshd-processes.ts'

const sshdPath = '/usr/sbin/sshd'
const sftpServers = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server']

/** Says on standard error, once per call, why tests against a real sshd are skipped. */
export function sshdAvailable(): boolean {
  if (process.platform === 'linux' && existsSync(sshdPath)) return true
  process.stderr.write('SKIPPED: needs OpenSSH on Linux (apt-get install openssh-server).\n')
  return false
}

export interface SshdOptions {
  /** Shell that runs the commands, e.g. `/bin/dash`, `/bin/bash`, `/usr/bin/busybox sh`. */
  readonly shell?: string
  /** Lines added to the top of sshd_config (the first value of a keyword wins). */
  readonly extraConfig?: readonly string[]
  /** Its ed25519 host key, as user data may bring one; else it makes its own. */
  readonly hostKey?: KeyPair
  /** Added to the sessions' environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/** A real OpenSSH server on 127.0.0.1 with a private home folder. */
export interface TestSshd {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: string
  /** HOME of every session; `bin/` in it comes first on the PATH. */
  readonly home: string
  /** A key that may log in, and its public line. */
  readonly privateKeyPath: string
  readonly publicKey: string
  /** The server's public keys, ed25519 first; read again after `changeHostKeys`. */
  hostKeys(): Promise<readonly string[]>
  /** Where and how to reach it, with its host keys and the key file above. */
  target(): Promise<SshTarget>
  authorize(publicKey: string): Promise<void>
  /** Drops every connection; commands that detached live on, and new connections are accepted. */
  cut(): void
  /** Stops answering without closing anything, as a dead network does; `thaw` undoes it. */
  freeze(): void
  thaw(): void
  /** Refuses connections after dropping all; `resume` listens again on the same port. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Starts again with other keys; the ed25519 one is `hostKey` where it is given. */
  changeHostKeys(hostKey?: KeyPair): Promise<void>
  log(): Promise<string>
  /** Ends the server and every process that a session left behind, and removes the folders. */
  stop(): Promise<void>
}

/** Starts a server; call `stop` in the test's clean-up. */
export async function startSshd(options: SshdOptions = {}): Promise<TestSshd> {
  const dir = await mkdtemp(join(tmpdir(), 'sublet-sshd-'))
  const home = join(dir, 'home')
  const user = userInfo().username
  const privateKeyPath = join(dir, 'client_key')
  const authorizedKeys = join(dir, 'authorized_keys')
  const config = join(dir, 'sshd_config')
  const logPath = join(dir, 'sshd.log')
  await mkdir(join(home, 'bin'), { recursive: true })
  // A login shell resets PATH from /etc/profile; fake tools in bin/ must still come first.
  await writeFile(join(home, '.profile'), 'PATH="$HOME/bin:$PATH"; export PATH\n')
  makeKey(privateKeyPath)
  const publicKey = (await readFile(`${privateKeyPath}.pub`, 'utf8')).trim()
  await writeFile(authorizedKeys, `${publicKey}\n`, { mode: 0o600 })
  await makeHostKeys(dir, options.hostKey)
  await writeFile(join(dir, 'session'), sessionScript(home, options), { mode: 0o755 })
  await chmod(join(dir, 'session'), 0o755)
  // sshd as root insists on this folder of its package, which only its boot script makes.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true })
  const port = await freePort()
  await writeFile(config, serverConfig(dir, port, user, options))
  let server = await listen(config, logPath, port)

  const sessions = (): number[] => sessionProcesses(server.pid ?? 0)
  const endServer = async (): Promise<void> => {
    const ended = sessions()
    server.kill('SIGKILL')
    signalAll(ended, 'SIGKILL')
    await eventually(() => ended.every((pid) => !isAlive(pid)), { what: 'sshd to end' })
  }
  const hostKeys = async (): Promise<readonly string[]> =>
    await Promise.all(
      keyTypes.map(async (type) => {
        const line = await readFile(join(dir, `host_${type}.pub`), 'utf8')
        return line.split(' ').slice(0, 2).join(' ')
      }),
    )
  return {
    host: '127.0.0.1',
    port,
    user,
    home,
    privateKeyPath,
    publicKey,
    hostKeys,
    target: async () => ({
      host: '127.0.0.1',
      port,
      user,
      hostKeys: await hostKeys(),
      identityFile: privateKeyPath,
    }),
    authorize: async (line) => await appendFile(authorizedKeys, `${line}\n`),
    cut: () => signalAll(sessions(), 'SIGKILL'),
    freeze: () => signalAll([server.pid ?? 0, ...sessions()], 'SIGSTOP'),
    thaw: () => signalAll([...sessions(), server.pid ?? 0], 'SIGCONT'),
    pause: endServer,
    resume: async () => {
      server = await listen(config, logPath, port)
    },
    changeHostKeys: async (hostKey) => {
      await endServer()
      for (const type of keyTypes) await rm(join(dir, `host_${type}`))
      await makeHostKeys(dir, hostKey)
      server = await listen(config, logPath, port)
    },
    log: async () => await readFile(logPath, 'utf8'),
    stop: async () => {
      await endServer()
      const left = (): number[] => processesWithEnvironment(`HOME=${home}`)
      await eventually(
        () => {
          signalAll(left(), 'SIGKILL')
          return left().filter(isAlive).length === 0
        },
        { what: `the processes of ${home} to end` },
      )
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const keyTypes = ['ed25519', 'ecdsa'] as const

function makeKey(path: string, type = 'ed25519'): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', path])
}

async function makeHostKeys(dir: string, ed25519?: KeyPair): Promise<void> {
  for (const type of keyTypes) {
    const path = join(dir, `host_${type}`)
    await rm(`${path}.pub`, { force: true })
    if (type === 'ed25519' && ed25519 !== undefined) {
      await writeFile(path, ed25519.privateKey, { mode: 0o600 })
      await writeFile(`${path}.pub`, `${ed25519.publicKey}\n`)
    } else makeKey(path, type)
  }
}

/** Runs every session with HOME redirected; sshd itself would use the home of the password file. */
function sessionScript(home: string, options: SshdOptions): string {
  const shell = options.shell ?? '/bin/sh'
  const sftpServer = sftpServers.find((path) => existsSync(path)) ?? 'sftp-server'
  const exports = Object.entries(options.environment ?? {}).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  )
  return `#!/bin/sh
HOME='${home}'; SHELL='${shell}'; PATH="$HOME/bin:$PATH"; export HOME SHELL PATH
${exports.join('\n')}
cd "$HOME" || exit 1
case "$SSH_ORIGINAL_COMMAND" in
  '') exec ${shell} -l ;;
  sublet-test-sftp*) exec ${sftpServer} -d "$HOME" ;;
  *) exec ${shell} -c "$SSH_ORIGINAL_COMMAND" ;;
esac
`
}

function serverConfig(dir: string, port: number, user: string, options: SshdOptions): string {
  return [
    ...(options.extraConfig ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...keyTypes.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    `PidFile ${join(dir, 'sshd.pid')}`,
    `AllowUsers ${user}`,
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    'MaxStartups 100',
    'Subsystem sftp sublet-test-sftp',
    `ForceCommand ${join(dir, 'session')}`,
    'LogLevel VERBOSE',
    // A test's deliberate failures must not get 127.0.0.1 banned (OpenSSH 9.8 and later).
    ...(supportsPenalties() ? ['PerSourcePenalties no'] : []),
    '',
  ].join('\n')
}

function supportsPenalties(): boolean {
  const answer = spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr
  const [, major, minor] = /OpenSSH_(\d+)\.(\d+)/.exec(answer) ?? []
  return Number(major ?? 0) * 100 + Number(minor ?? 0) >= 908
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port on 127.0.0.1.')
  return address.port
}

async function listen(config: string, logPath: string, port: number): Promise<ChildProcess> {
  const server = spawn(sshdPath, ['-D', '-f', config, '-E', logPath], { stdio: 'ignore' })
  await eventually(
    async () => {
      if (server.exitCode !== null) throw new Error(await readFile(logPath, 'utf8'))
      return await accepts(port)
    },
    { what: `sshd on port ${port}` },
  )
  return server
}

async function accepts(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
