import { SubletError } from '../../domain/errors.ts'
import type { Authentication } from './authentication.ts'
import { missingHostKeyType, type HostKeyCheck } from './host-key-check.ts'

interface Attempt {
  readonly label: string
  readonly auth: Authentication
  readonly check: HostKeyCheck
}

/** What ssh2 or the system said about a failed connection, in our words. */
export function connectionError(
  error: Error & { readonly level?: string; readonly code?: string | number },
  { label, auth, check }: Attempt,
): SubletError {
  if (error instanceof SubletError) return error
  if (check.failure !== null) return check.failure
  const extras = { nativeCode: String(error.code ?? error.message), cause: error }
  if (/no matching host key/i.test(error.message) && check.expected.length > 0) {
    return missingHostKeyType(label, check.expected)
  }
  if (error.level === 'client-authentication' || /authentication failures/i.test(error.message)) {
    return new SubletError(
      'auth',
      `${label} refused the log-in; tried ${auth.tried.join(' and ')}. Check the user name, and that the public key stands in its ~/.ssh/authorized_keys.`,
      extras,
    )
  }
  if (error.level === 'client-timeout' || /timed out/i.test(error.message)) {
    return unreachable(label, 'did not answer in time', extras)
  }
  if (error.level === 'handshake' && /no matching/i.test(error.message)) {
    return new SubletError(
      'unsupported',
      `${label} and Sublet share no SSH algorithm (${error.message}); its SSH server needs an update.`,
      extras,
    )
  }
  return unreachable(label, reasonOf(error), extras)
}

function unreachable(
  label: string,
  reason: string,
  extras: { readonly nativeCode: string; readonly cause: unknown },
): SubletError {
  return new SubletError(
    'unreachable',
    `Cannot reach ${label}: ${reason}. Check the address, that the machine is on, and your network.`,
    extras,
  )
}

function reasonOf(error: Error & { readonly code?: string | number }): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'the connection was refused'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved'
    case 'ETIMEDOUT':
      return 'did not answer in time'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way to its network'
    case 'ECONNRESET':
      return 'it closed the connection'
    case undefined:
    default:
      return /handshake/i.test(error.message)
        ? 'it closed the connection, or is no SSH server'
        : error.message.replace(/\.$/, '')
  }
}
