import { SubletError } from '../../domain/errors.ts'
import type { Machine } from '../machine.ts'
import { shellQuote } from '../../domain/shell-quote.ts'

/** Shells that take a POSIX command line as it is. */
const posixShells = new Set(['sh', 'dash', 'bash', 'ash', 'ksh', 'mksh', 'busybox'])

/**
 * Asks for the home folder and login shell in words that every shell understands. The marks find
 * the answer among what a chatty start-up file prints.
 */
export async function homeAndShell(
  machine: Pick<Machine, 'exec' | 'label'>,
  signal: AbortSignal,
): Promise<{ readonly home: string; readonly shell: string }> {
  const answer = await machine.exec(
    `printf '\\nsublet-home=%s\\nsublet-shell=%s\\n' "$HOME" "$SHELL"`,
    { signal, timeoutMs: 30_000 },
  )
  const home = /^sublet-home=(\/.*)$/m.exec(answer.stdout)?.[1]
  const shell = /^sublet-shell=(.*)$/m.exec(answer.stdout)?.[1] ?? ''
  if (home === undefined) {
    throw new SubletError(
      'unsupported',
      `${machine.label} does not run commands as a POSIX system does; Sublet needs a Linux machine whose account has a shell.`,
      { nativeCode: `exit ${answer.exitCode}: ${answer.stderr.slice(0, 200)}` },
    )
  }
  return { home: home === '/' ? '' : home, shell }
}

/** Commands are POSIX sh: under fish, zsh and other login shells they are handed to sh. */
export function wrapFor(shell: string): (command: string) => string {
  const name = shell.split(' ')[0]?.split('/').at(-1) ?? ''
  return posixShells.has(name)
    ? (command) => command
    : (command) => `exec sh -c ${shellQuote(command)}`
}
