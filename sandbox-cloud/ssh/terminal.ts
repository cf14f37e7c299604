import { existsSync } from 'node:fs'

/** A terminal as the client asked for it. */
export interface Terminal {
  readonly rows: number
  readonly columns: number
}

/** Linux's `script` (util-linux) gives a command a real terminal without native code of ours. */
const scriptPath = '/usr/bin/script'
const hasScript = process.platform === 'linux' && existsSync(scriptPath)

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/**
 * Program and arguments for a command, or a login shell without one. With a terminal it runs under
 * `script` where that is there; else it gets a plain interactive shell without echo.
 */
export function commandLine(
  shell: string,
  command: string | null,
  terminal: Terminal | null,
): readonly [program: string, ...args: string[]] {
  if (terminal === null) return command === null ? [shell, '-l'] : [shell, '-c', command]
  if (!hasScript) return command === null ? [shell, '-l', '-i'] : [shell, '-c', command]
  const inner = command === null ? `exec ${quoted(shell)} -l` : command
  const sized = `stty rows ${terminal.rows} cols ${terminal.columns} 2>/dev/null; ${inner}`
  return [scriptPath, '--quiet', '--flush', '--return', '--command', sized, '/dev/null']
}
