import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { SubletError } from '../domain/errors.ts'

export interface LocalCommandOptions {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const keptOutputBytes = 4_000

/**
 * Runs the user's `before` or `after` commands on this computer, one after the other, in the
 * system's shell. The first that fails ends the run with `invalid` and the end of what it printed.
 */
export async function runLocalCommands(
  commands: readonly string[],
  options: LocalCommandOptions,
): Promise<void> {
  await mkdir(options.cwd, { recursive: true })
  for (const command of commands) await runLocalCommand(command, options)
}

async function runLocalCommand(command: string, options: LocalCommandOptions): Promise<void> {
  const { cwd, environment, signal } = options
  const child = spawn(command, {
    cwd,
    shell: true,
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  })
  let printed = ''
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString('utf8')).slice(-keptOutputBytes)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (exitCode === 0) return
  throw new SubletError(
    'invalid',
    `The local step "${command}" ended with exit code ${exitCode ?? 'none (killed)'}. Its output ends: ${printed.trim() || '(nothing)'}`,
  )
}
