import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SubletError } from '../../domain/errors.ts'
import type { SshJump, SshTarget } from '../../providers/provider.ts'
import { parseAddress, type HostAddress } from './address.ts'
import { loadUserConfig, type LoadedConfig, type UserConfigPlaces } from './user-config-file.ts'

export interface ResolvedHost {
  /** Without host keys: those are not read from known_hosts. */
  readonly target: SshTarget
  /** Sentences for the user: what of the configuration was not used. */
  readonly notes: readonly string[]
}

/** The keys that ssh tries by itself, in its order. */
const defaultKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const mostJumps = 8

/**
 * What `ssh ADDRESS` would connect to, by ~/.ssh/config: HostName, Port, User, IdentityFile,
 * IdentityAgent, ProxyJump. What the address itself says wins. Errors: `invalid` for an address or
 * file that cannot be read, `unsupported` for a ProxyCommand.
 */
export function resolveHost(address: string, places: UserConfigPlaces): ResolvedHost {
  const loaded = loadUserConfig(places)
  const parsed = parseAddress(address)
  return {
    target: resolve(parsed, loaded, places, []),
    notes: loaded.notes,
  }
}

function resolve(
  address: HostAddress,
  loaded: LoadedConfig,
  places: UserConfigPlaces,
  outer: readonly string[],
): SshTarget {
  const settings = settingsOf(address.host, loaded)
  const user = address.user ?? settings('user')[0] ?? places.localUser
  const host = (settings('hostname')[0] ?? address.host)
    .replaceAll('%h', address.host)
    .replaceAll('%%', '%')
  const port = address.port ?? portOf(settings('port')[0], address.host)
  const expand = expander({ host, user, port }, places)
  const identityFile = identityFileOf(settings('identityfile').map(expand), places)
  const agent = settings('identityagent')[0]
  const hasNamedAgent = agent !== undefined && !/^(none|SSH_AUTH_SOCK)$/i.test(agent)
  refuseProxyCommand(settings, address.host)
  const jumps = jumpsOf(settings('proxyjump')[0], loaded, places, [...outer, address.host])
  return {
    host,
    port,
    user,
    hostKeys: [],
    ...(identityFile === undefined ? {} : { identityFile }),
    useAgent: agent?.toLowerCase() !== 'none',
    // `$NAME` means an environment variable of the client, which is its SSH_AUTH_SOCK in practice.
    ...(hasNamedAgent && !agent.startsWith('$') ? { agentSocket: expand(agent) } : {}),
    ...(jumps.length === 0 ? {} : { jumps }),
  }
}

type Settings = (name: string) => readonly string[]

function settingsOf(alias: string, { config }: LoadedConfig): Settings {
  const computed = config.compute(alias, { ignoreCase: true, matchExec: false })
  return (name) => {
    const value = computed[name]
    if (value === undefined) return []
    return Array.isArray(value) ? value : [value]
  }
}

function portOf(text: string | undefined, alias: string): number {
  if (text === undefined) return 22
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new SubletError(
    'invalid',
    `The Port of ${alias} in your SSH configuration is "${text}"; write a number from 1 to 65535.`,
  )
}

function expander(
  { host, user, port }: { readonly host: string; readonly user: string; readonly port: number },
  { home, localUser }: UserConfigPlaces,
): (path: string) => string {
  const tokens: Readonly<Record<string, string>> = {
    d: home,
    h: host,
    p: String(port),
    r: user,
    u: localUser,
    '%': '%',
  }
  return (path) =>
    path
      .replace(/^~(?=\/|$)/, home)
      .replace(/^\$\{?HOME\}?(?=\/|$)/, home)
      .replaceAll(/%(.)/g, (token, letter: string) => tokens[letter] ?? token)
}

/** The first file that exists: the connection tries one key file, then the agent's keys. */
function identityFileOf(named: readonly string[], { home }: UserConfigPlaces): string | undefined {
  const files = named.filter((path) => path.toLowerCase() !== 'none')
  if (named.length > 0) return files.find((path) => existsSync(path)) ?? files[0]
  return defaultKeys.map((name) => join(home, '.ssh', name)).find((path) => existsSync(path))
}

function refuseProxyCommand(settings: Settings, alias: string): void {
  const command = settings('proxycommand').join(' ')
  if (command === '' || command.toLowerCase() === 'none' || settings('proxyjump').length > 0) return
  throw new SubletError(
    'unsupported',
    `${alias} is reached through a ProxyCommand in your SSH configuration, which Sublet does not run; write ProxyJump instead.`,
  )
}

/** Every jump may be an alias with jumps of its own; those come before it. */
function jumpsOf(
  text: string | undefined,
  loaded: LoadedConfig,
  places: UserConfigPlaces,
  outer: readonly string[],
): readonly SshJump[] {
  if (text === undefined || text.toLowerCase() === 'none') return []
  if (outer.length > mostJumps) {
    throw new SubletError(
      'invalid',
      `The ProxyJump of ${outer[0]} in your SSH configuration goes round in a circle (${outer.join(' → ')}).`,
    )
  }
  return text.split(',').flatMap((step, index) => {
    // With several steps, only the first is reached from here; the others from the step before.
    const own = resolve(parseAddress(step), loaded, places, outer)
    const { host, port, user, hostKeys, identityFile, jumps } = own
    const jump = {
      host,
      port,
      user,
      hostKeys,
      ...(identityFile === undefined ? {} : { identityFile }),
    }
    return index === 0 ? [...(jumps ?? []), jump] : [jump]
  })
}
