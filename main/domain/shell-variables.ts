const names: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'LANG',
  'LANGUAGE',
  'TZ',
  'VIRTUAL_ENV',
])
const prefixes = ['LC_', 'CONDA_'] as const

/** Whether a variable only says how a terminal is set up, so that the user's own steps may see it. */
export function isShellVariable(name: string): boolean {
  return names.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
}

/**
 * What a client passed of its environment, in two: what the user's steps on this computer get, and
 * all else (keys of providers, SSH_AUTH_SOCK), which no command ever gets.
 */
export function splitEnvironment(environment: Readonly<Record<string, string>>): {
  readonly shell: Readonly<Record<string, string>>
  readonly credentials: Readonly<Record<string, string>>
} {
  const all = Object.entries(environment)
  return {
    shell: Object.fromEntries(all.filter(([name]) => isShellVariable(name))),
    credentials: Object.fromEntries(all.filter(([name]) => !isShellVariable(name))),
  }
}
