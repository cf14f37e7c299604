import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { ServerChannel } from 'ssh2'
import { ChannelOutput } from './output.ts'
import { commandLine } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** What runs a command of a machine. */
export interface CommandSetting {
  readonly shell: string
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Told the process group while the command runs, so that teardown reaches it without /proc. */
  readonly groups: Set<number>
}

/** A running command as its session sees it. */
export interface RunningCommand {
  /** Passes a signal (`TERM`) to the command's process group. */
  signal(name: string): void
}

/**
 * Runs a command, or a login shell without one, on a channel: full duplex, end of input passed on,
 * both outputs complete before the exit code. As with OpenSSH, a closed channel does not kill it.
 */
export function runCommand(
  channel: ServerChannel,
  command: string | null,
  setting: CommandSetting,
  terminal: Terminal | null,
): RunningCommand {
  const [program, ...args] = commandLine(setting.shell, command, terminal)
  const child = spawn(program, args, {
    cwd: setting.cwd,
    env: { ...setting.environment },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const group = child.pid
  if (group !== undefined) setting.groups.add(group)
  const output = new ChannelOutput(channel)
  const copied = Promise.all([
    output.copy(child.stdout, 'stdout'),
    output.copy(child.stderr, 'stderr'),
  ])
  channel.pipe(child.stdin)
  child.stdin.on('error', () => {
    // The command closed its input: the rest of what the client sends has no reader.
    channel.unpipe(child.stdin)
    channel.resume()
  })
  channel.once('close', () => {
    child.stdin.destroy()
    if (terminal !== null) send(group, 'SIGHUP')
  })
  child.once('error', (error) => {
    channel.stderr.write(`sandbox: ${error.message}\n`)
    channel.exit(127)
    channel.end()
  })
  child.once('exit', () => {
    if (group !== undefined) setting.groups.delete(group)
  })
  child.once('close', (code, signal) => {
    void copied.finally(() => {
      if (signal !== null) channel.exit(signal.replace(/^SIG/, ''), false, '')
      else channel.exit(code ?? 255)
      channel.end()
    })
  })
  return { signal: (name) => send(group, `SIG${name.replace(/^SIG/, '')}`) }
}

function send(group: number | undefined, name: string): void {
  if (group === undefined || !(name in constants.signals)) return
  try {
    process.kill(-group, name)
  } catch {
    // ESRCH: the whole group has already ended.
  }
}
