import type { sshRoute } from './services/ssh-route.ts'

type Route = ReturnType<typeof sshRoute>

/** `sublet-<job's name as a word>-<end of its id>`: the same for as long as the job lives. */
export function sshAlias(jobId: string, name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-+|-+$/g, '')
  return `sublet-${word === '' ? 'job' : word}-${jobId.slice(-6)}`
}

/** One `Host` block of OpenSSH's configuration: only the pinned key is trusted. Names files, holds no key. */
export function hostBlock(alias: string, route: Route): string {
  return [
    `Host ${alias}`,
    `  HostName ${route.host}`,
    `  Port ${route.port}`,
    `  User ${quoted(route.user)}`,
    ...(route.identityFile === null
      ? []
      : [`  IdentityFile ${quoted(route.identityFile)}`, '  IdentitiesOnly yes']),
    `  UserKnownHostsFile ${quoted(route.knownHostsFile)}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    ...(route.jumps.length === 0 ? [] : [`  ProxyJump ${route.jumps.join(',')}`]),
    '',
  ].join('\n')
}

/** The whole file; without any machine it says only whose it is. */
export function sshConfigText(blocks: readonly string[]): string {
  const head = '# Written by Sublet: one host for each job with a machine. It holds no keys.\n'
  return [head, ...blocks].join('\n')
}

/** The line of the user's own configuration that makes ssh read ours. */
export function includeLine(configFile: string): string {
  return `Include ${quoted(configFile)}`
}

/** Whether a configuration reads ours for every host: not inside a `Host` or `Match` block. */
export function includes(text: string, configFile: string): boolean {
  for (const line of text.split(/\r?\n/)) {
    const [, word = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? []
    if (/^(host|match)$/i.test(word)) return false
    if (!/^include$/i.test(word)) continue
    const named = rest.match(/"[^"]*"|\S+/g) ?? []
    if (named.some((one) => one.replaceAll('"', '') === configFile)) return true
  }
  return false
}

/** OpenSSH knows `%` tokens and `~` in file names; a quote in one cannot be written. */
function quoted(value: string): string {
  return `"${value.replaceAll('%', '%%')}"`
}
