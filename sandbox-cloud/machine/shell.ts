import { accessSync, constants } from 'node:fs'
import { basename } from 'node:path'
import type { Area } from './area.ts'
import { machineMark } from './processes.ts'

/** The user that SSH logs in as. */
export const sshUser = 'sandbox'

const posixShells = new Set(['sh', 'bash', 'dash', 'ksh', 'ash'])

/** The shell that runs the machines' commands; null where there is no POSIX shell. */
export function findShell(preferred: string | undefined): string | null {
  const candidates =
    preferred !== undefined && posixShells.has(basename(preferred))
      ? [preferred, '/bin/sh']
      : ['/bin/sh']
  return candidates.find((path) => isExecutable(path)) ?? null
}

function isExecutable(path: string): boolean {
  if (process.platform === 'win32') return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: the next candidate.
    return false
  }
}

/** The whole environment of a machine's processes: nothing of the sandbox's own leaks in. */
export function machineEnvironment(
  machineId: string,
  area: Area,
  shell: string,
  accepted: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    LANG: 'C.UTF-8',
    ...accepted,
    HOME: area.home,
    USER: sshUser,
    LOGNAME: sshUser,
    SHELL: shell,
    PATH: `${area.bin}:/opt/homebrew/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    TMPDIR: area.tmp,
    [machineMark]: machineId,
  }
}
