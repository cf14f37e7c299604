import type { Engine } from '../../engine.ts'

type SshRoute = Awaited<ReturnType<Engine['api']['jobs']['ssh']>>

/** The command that opens a shell on the machine: only the pinned key is trusted. For a POSIX shell. */
export function sshCommand(route: SshRoute): string {
  const known = route.knownHostsFile.replace(/[\s"\\]/g, '\\$&')
  const words = [
    'ssh',
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    `UserKnownHostsFile=${known}`,
    '-o',
    'GlobalKnownHostsFile=/dev/null',
    ...(route.identityFile === null ? [] : ['-i', route.identityFile, '-o', 'IdentitiesOnly=yes']),
    ...(route.jumps.length === 0 ? [] : ['-J', route.jumps.join(',')]),
    '-p',
    String(route.port),
    `${route.user}@${route.host}`,
  ]
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ')
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
