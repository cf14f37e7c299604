import { SubletError } from '../../domain/errors.ts'

/** What a user writes: `host`, `user@host`, `user@host:port`, `user@[::1]:22`. */
export interface HostAddress {
  readonly host: string
  readonly user: string | null
  readonly port: number | null
}

/** Fails with `invalid` and an example of what was expected. */
export function parseAddress(text: string): HostAddress {
  const trimmed = text
    .trim()
    .replace(/^ssh:\/\//, '')
    .replace(/\/$/, '')
  const at = trimmed.lastIndexOf('@')
  const user = at < 0 ? null : trimmed.slice(0, at)
  const place = trimmed.slice(at + 1)
  const bracketed = /^\[([0-9a-fA-F:.%\w]+)\](?::(\d+))?$/.exec(place)
  // More than one colon without brackets can only be an IPv6 address without a port.
  const plain =
    /^([^:[\]\s]+)(?::(\d+))?$/.exec(place) ?? /^([0-9a-fA-F:.]*:[0-9a-fA-F:.]*:.*)$/.exec(place)
  const [, host, portText] = bracketed ?? plain ?? []
  const port = portText === undefined ? null : Number(portText)
  const isValid =
    host !== undefined &&
    // A leading dash would be taken for an option by the system's ssh.
    !host.startsWith('-') &&
    /^[^\s\0]+$/.test(host) &&
    (user === null || /^[^\s\0:@-][^\s\0@]*$/.test(user)) &&
    (port === null || (port >= 1 && port <= 65_535))
  if (!isValid) {
    throw new SubletError(
      'invalid',
      `"${text}" is not a host address; write user@host, user@host:port, user@[IPv6]:port, or a name from your ~/.ssh/config.`,
    )
  }
  return { host, user, port }
}
