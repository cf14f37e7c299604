import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { SubletError } from '../domain/errors.ts'

export interface LocalCommandOptions {
  readonly cwd: string
  /** Shell variables only: a step may be anybody's program, and must not see keys. */
  readonly environment: Readonly<Record<string, string>>
  /** Takes the secrets out of what a failed step printed, before anybody keeps it. */
  readonly redact: (text: string) => string
  readonly signal: AbortSignal
}

/** An error is one line of 1,200 characters at most; the end is what counts. */
const shownCharacters = 800
const shownOfCommand = 200
/** More than is shown: a secret that the cut goes through would not be found any more. */
const keptCharacters = 16 * shownCharacters
const killAfterMs = 2_000
/** For the last output of a command that has ended. */
const drainMs = 500
const hasGroups = process.platform !== 'win32'

/**
 * Runs the user's `before` or `after` commands on this computer, one after the other, in the
 * system's shell. The first that fails ends the run with `invalid` and the end of what it printed.
 * An abort ends the step with everything that it started: TERM first, KILL after 2 s.
 */
export async function runLocalCommands(
  commands: readonly string[],
  options: LocalCommandOptions,
): Promise<void> {
  await mkdir(options.cwd, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new SubletError(
      'invalid',
      `The local steps cannot run in ${options.cwd}: it cannot be made a folder (${cause.code ?? 'unknown'}).`,
      { cause },
    )
  })
  for (const command of commands) {
    // Nothing at all is no step; a system call would not take it.
    if (command.trim() !== '') await runLocalCommand(command, options)
  }
}

async function runLocalCommand(command: string, options: LocalCommandOptions): Promise<void> {
  const { cwd, environment, redact, signal } = options
  signal.throwIfAborted()
  if (command.includes('\0')) {
    throw new SubletError('invalid', 'A local step holds a zero byte, which no shell can run.')
  }
  const child = spawn(command, {
    cwd,
    shell: true,
    detached: hasGroups,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-keptCharacters)
    })
  }
  const exitCode = await ending(child, signal)
  if (exitCode === 0) return
  const shown = redact(printed).slice(-shownCharacters).trim() || '(nothing)'
  throw new SubletError(
    'invalid',
    `The local step "${redact(command).slice(0, shownOfCommand)}" ended with exit code ${exitCode ?? 'none (killed)'}. Its output ends: ${shown}`,
  )
}

/** The exit code; null after a signal. Rejects after an abort, once the whole group has ended. */
async function ending(child: ChildProcess, signal: AbortSignal): Promise<number | null> {
  let kill: NodeJS.Timeout | undefined
  let drain: NodeJS.Timeout | undefined
  const letGo = (): void => {
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
  const end = (): void => {
    signalGroup(child, 'SIGTERM')
    kill = setTimeout(() => {
      signalGroup(child, 'SIGKILL')
      // What left the group may still hold the pipes open.
      letGo()
    }, killAfterMs)
  }
  signal.addEventListener('abort', end, { once: true })
  try {
    return await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      // A server that the command left in the background holds the pipes, and is the user's wish.
      child.on('exit', () => {
        drain = setTimeout(letGo, drainMs)
      })
      child.on('close', (exitCode) => {
        if (!signal.aborted) resolve(exitCode)
        else reject(signal.reason as Error)
      })
    })
  } finally {
    signal.removeEventListener('abort', end)
    clearTimeout(kill)
    clearTimeout(drain)
    if (signal.aborted) signalGroup(child, 'SIGKILL')
  }
}

function signalGroup(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  if (!hasGroups) {
    child.kill(name)
    return
  }
  try {
    process.kill(-child.pid, name)
  } catch (thrown) {
    // None of the group is left.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown
  }
}
