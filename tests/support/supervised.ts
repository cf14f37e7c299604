import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, copyFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectMachine } from '../../main/machine/ssh/connect.ts'
import type { Machine } from '../../main/machine/machine.ts'
import type { AttemptStatus } from '../../main/machine/supervisor/protocol.ts'
import { Supervisor } from '../../main/machine/supervisor/supervisor.ts'
import { eventually } from './eventually.ts'
import { memoryPins } from './host-key-pins.ts'
import { startSshd, type TestSshd } from './sshd.ts'

export const shells = [
  { name: 'dash', login: '/usr/bin/dash', call: 'dash', applets: false },
  { name: 'bash', login: '/usr/bin/bash', call: 'bash', applets: false },
  // With all its applets before the system's tools, as on a small image.
  { name: 'busybox', login: '/usr/bin/busybox sh', call: 'busybox sh', applets: true },
] as const
export type TestShell = (typeof shells)[number]

/** Says aloud which shell is missing. */
export function shellAvailable(shell: TestShell): boolean {
  if (existsSync(shell.login.split(' ')[0] ?? '')) return true
  process.stderr.write(`SKIPPED: needs ${shell.name} (apt-get install ${shell.name}).\n`)
  return false
}

export const rentalId = 'sublet-01test'

export interface Supervised {
  readonly sshd: TestSshd
  readonly machine: Machine
  readonly supervisor: Supervisor
  connect(): Promise<Machine>
  /** A program in `~/bin`, first on the PATH. */
  tool(name: string, script: string): Promise<void>
  /** Prepares and starts an attempt of the test's rental. */
  start(
    attemptId: string,
    runScript: string,
    environment?: Readonly<Record<string, string>>,
    gpus?: readonly number[],
  ): Promise<AttemptStatus>
  ended(attemptId: string): Promise<AttemptStatus>
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A real sshd whose shell is under test, a machine on it, and the supervisor installed. */
export async function startSupervised(
  shell: TestShell,
  settings: Readonly<Record<string, string>> = {},
): Promise<Supervised> {
  const sshd = await startSshd({ shell: shell.login })
  if (shell.applets) {
    // A copy, so that nothing written through an applet's link can reach the system's busybox.
    const copy = join(sshd.home, 'busybox')
    await copyFile('/usr/bin/busybox', copy)
    for (const applet of execFileSync(copy, ['--list'], { encoding: 'utf8' }).split('\n')) {
      if (applet !== '') await symlink(copy, join(sshd.home, 'bin', applet))
    }
  }
  const machines: Machine[] = []
  const connect = async (): Promise<Machine> => {
    const machine = await connectMachine(await sshd.target(), {}, memoryPins())
    machines.push(machine)
    return machine
  }
  const machine = await connect()
  const supervisor = new Supervisor(machine, {
    shell: shell.call,
    environment: { SUBLET_TICK_S: '1', ...settings },
  })
  await supervisor.install()
  const stop = async (): Promise<void> => {
    for (const each of machines) each.close()
    await sshd.stop()
  }
  return {
    sshd,
    machine,
    supervisor,
    connect,
    tool: async (name, script) => {
      const path = join(sshd.home, 'bin', name)
      // It may be an applet's link, which must be replaced and not followed.
      await rm(path, { force: true })
      await writeFile(path, script)
      await chmod(path, 0o755)
    },
    start: async (attemptId, runScript, environment = {}, gpus) => {
      await supervisor.prepareAttempt({ attemptId, rentalId, runScript, gpus: gpus ?? null })
      return await supervisor.startAttempt(attemptId, environment)
    },
    ended: async (attemptId) =>
      await eventually(
        async () => {
          const status = await supervisor.attemptStatus(attemptId)
          return status.state === 'exited' ? status : null
        },
        { timeoutMs: 20_000, everyMs: 50, what: `attempt ${attemptId} to end` },
      ),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** All of a log, followed to its end. */
export async function wholeLog(
  supervisor: Supervisor,
  attemptId: string,
  offset = 0,
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of supervisor.followLog(attemptId, offset, new AbortController().signal)) {
    pieces.push(piece.bytes)
  }
  return Buffer.concat(pieces)
}
