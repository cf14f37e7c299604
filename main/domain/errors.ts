import type { ErrorCode, WireError } from '../../preload/contract/errors.ts'
import { inertSentence } from './visible-controls.ts'

export interface ErrorExtras {
  /** The provider's or system's own code, redacted; shown in details, never branched on. */
  readonly nativeCode?: string
  /** When the same call may succeed, in milliseconds from now. */
  readonly retryAfterMs?: number
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The one error type that carries meaning: a code, and a sentence that says what to do. Words of
 * machines and providers get into both texts, so they are made inert here, for whoever shows them.
 */
export class SubletError extends Error {
  readonly code: ErrorCode
  readonly extras: ErrorExtras

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(inertSentence(message), extras.cause === undefined ? undefined : { cause: extras.cause })
    this.name = 'SubletError'
    this.code = code
    const { nativeCode } = extras
    this.extras =
      nativeCode === undefined ? extras : { ...extras, nativeCode: inertSentence(nativeCode) }
  }
}

/** What a failed call means for the caller: repeat it, go to the next offer, or tell the user. */
export type Remedy = 'retry' | 'next-offer' | 'ask-user'

/** Classifies a code. Pure and total, so that no caller decides about retries by itself. */
export function remedyFor(code: ErrorCode): Remedy {
  switch (code) {
    case 'rate-limited':
    case 'unavailable':
    case 'unreachable':
      return 'retry'
    case 'no-capacity':
    case 'price-moved':
    case 'quota':
      return 'next-offer'
    case 'auth':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'no-offer':
    case 'host-key':
    case 'disk-full':
    case 'secret-missing':
    case 'input-missing':
    case 'input-changed':
    case 'keychain':
    case 'conflict':
    case 'confirmation-needed':
    case 'budget':
    case 'cancelled':
    case 'version':
    case 'unauthorised':
    case 'unsupported':
    case 'internal':
      return 'ask-user'
  }
}

/** A disk of this computer has no room: what failed may be repeated, and succeeds once there is some. */
export class LocalDiskFullError extends SubletError {
  constructor(cause: Error) {
    super('disk-full', 'The disk of this computer is full: free some space and try again.', {
      nativeCode: cause.message,
      cause,
    })
  }
}

/** The system's codes, and SQLite's SQLITE_FULL. */
function isLocalDiskFull(thrown: unknown): thrown is Error {
  if (!(thrown instanceof Error)) return false
  const { code, errcode } = thrown as { readonly code?: unknown; readonly errcode?: unknown }
  return code === 'ENOSPC' || code === 'EDQUOT' || (Number(errcode) & 0xff) === 13
}

/** Wraps anything thrown: a SubletError stays itself; what nobody has put into words is `internal`. */
export function toSubletError(thrown: unknown): SubletError {
  if (thrown instanceof SubletError) return thrown
  if (isLocalDiskFull(thrown)) return new LocalDiskFullError(thrown)
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new SubletError('cancelled', 'The operation was cancelled.', { cause: thrown })
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new SubletError('internal', message, { cause: thrown })
}

/** The form that crosses the contract; causes and stacks stay behind. */
export function toWireError(thrown: unknown): WireError {
  const error = toSubletError(thrown)
  const { nativeCode, retryAfterMs, details } = error.extras
  const shown = { ...details, ...(nativeCode === undefined ? {} : { nativeCode }) }
  return {
    code: error.code,
    message: error.message,
    ...(retryAfterMs === undefined ? {} : { retry: { afterMs: Math.ceil(retryAfterMs) } }),
    ...(Object.keys(shown).length === 0 ? {} : { details: shown }),
  }
}

/** Rebuilds the error on the client's side of the contract. */
export function fromWireError(wire: WireError): SubletError {
  return new SubletError(wire.code, wire.message, {
    ...(wire.retry === undefined ? {} : { retryAfterMs: wire.retry.afterMs }),
    ...(wire.details === undefined ? {} : { details: wire.details }),
  })
}

/** Marks code that the type checker has proven unreachable. */
export function assertNever(value: never): never {
  throw new SubletError('internal', `Unexpected value: ${JSON.stringify(value)}`)
}
