import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

const programs = ['/usr/bin/dbus-daemon', '/usr/bin/dbus-send', '/usr/bin/gnome-keyring-daemon']

/** Says on standard error, once per call, why what needs a keychain is left out. */
export function keychainAvailable(): boolean {
  if (programs.every((path) => existsSync(path))) return true
  process.stderr.write('SKIPPED: a keychain needs the packages dbus and gnome-keyring.\n')
  return false
}

/** A session bus with an unlocked GNOME keyring on it, whose files are in `dir`. */
export interface PrivateKeychain {
  /** What a program needs in its environment to find it. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export async function startKeychain(dir: string): Promise<PrivateKeychain> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const bus = spawn('dbus-daemon', ['--session', '--nofork', '--nosyslog', '--print-address=1'], {
    env: { ...process.env, HOME: dir, XDG_RUNTIME_DIR: dir },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let address = ''
  bus.stdout.setEncoding('utf8').on('data', (text: string) => {
    address += text
  })
  await eventually(() => address.endsWith('\n'), { what: 'the session bus' })
  const environment = {
    DBUS_SESSION_BUS_ADDRESS: address.trim(),
    XDG_RUNTIME_DIR: dir,
    XDG_DATA_HOME: join(dir, 'data'),
  }
  const ring = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: { PATH: process.env['PATH'], HOME: dir, ...environment },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  ring.stdin.end('the password of a test')
  await eventually(() => isOwned(environment), { what: 'the keychain' })
  return {
    environment,
    stop: async () => {
      await end(ring)
      await end(bus)
    },
  }
}

function isOwned(environment: Readonly<Record<string, string>>): boolean {
  const question = ['org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets']
  const where = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/']
  const { stdout } = spawnSync('dbus-send', [...where, ...question], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  })
  return stdout.includes('boolean true')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  await ended
}
