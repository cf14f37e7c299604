import { shellQuote } from '../domain/shell-quote.ts'
import type { Api } from './api.ts'

type SshAnswer = Awaited<ReturnType<Api['jobs']['ssh']>>

/** Arguments for the system's ssh: only the pinned key is trusted, and only the rental's key is offered. */
export function sshArguments(
  target: SshAnswer,
  command: readonly string[],
  terminal: boolean,
): readonly string[] {
  const cd = `cd ${remotePath(target.workDir)}`
  return [
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${target.knownHostsFile.replace(/[\s"\\]/g, '\\$&')}`,
    '-o',
    'GlobalKnownHostsFile=/dev/null',
    ...(target.identityFile === null
      ? []
      : ['-i', target.identityFile, '-o', 'IdentitiesOnly=yes']),
    ...(target.jumps.length === 0 ? [] : ['-J', target.jumps.join(',')]),
    '-p',
    String(target.port),
    ...(command.length === 0 && terminal ? ['-t'] : []),
    '-l',
    target.user,
    '--',
    target.host,
    command.length === 0
      ? `${cd} 2>/dev/null; exec "\${SHELL:-/bin/sh}" -l`
      : `${cd} && ${command.join(' ')}`,
  ]
}

/** Quoted for the remote shell, which must still expand a home folder at the front. */
function remotePath(folder: string): string {
  return folder.startsWith('~/') ? `~/${shellQuote(folder.slice(2))}` : shellQuote(folder)
}
