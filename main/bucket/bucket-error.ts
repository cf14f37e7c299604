import { SubletError } from '../domain/errors.ts'

interface S3Failure {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
}

function factsOf(thrown: unknown): { readonly name: string; readonly status: number | null } {
  const failure = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as S3Failure
  const word = failure.code ?? failure.name
  const name = typeof word === 'string' ? word : 'unknown'
  return { name, status: failure.$metadata?.httpStatusCode ?? null }
}

/** Whether a bucket said that there is no such object. A missing bucket is no missing object. */
export function isMissing(thrown: unknown): boolean {
  const { name, status } = factsOf(thrown)
  return name !== 'NoSuchBucket' && status === 404
}

/** What a bucket's refusal means; `what` completes "could not be …". */
export function bucketError(thrown: unknown, label: string, what: string): SubletError {
  if (thrown instanceof SubletError) return thrown
  const { name, status } = factsOf(thrown)
  return refusal(label, what, status, name, thrown)
}

/** The same for an upload that a machine made: all that is known is the status and S3's code. */
export function uploadError(label: string, status: number, name: string): SubletError {
  return refusal(label, 'written to', status, name, undefined)
}

function refusal(
  label: string,
  what: string,
  status: number | null,
  name: string,
  cause: unknown,
): SubletError {
  const extras = { nativeCode: `${name}${status === null ? '' : ` (${status})`}`, cause }
  if (/InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken/.test(name) || status === 401) {
    return new SubletError(
      'auth',
      `The bucket ${label} does not accept the key: set it again in Settings, or with "sublet bucket set".`,
      extras,
    )
  }
  if (
    /QuotaExceeded|StorageFull|EntityTooLarge|InsufficientStorage/i.test(name) ||
    status === 507
  ) {
    return new SubletError(
      'quota',
      `The bucket ${label} is full: make room there, or choose another in Settings, or with "sublet bucket set".`,
      extras,
    )
  }
  if (status === 403) {
    return new SubletError(
      'permission',
      `The bucket ${label} could not be ${what}, because the key may not: allow it to put, get and delete objects.`,
      extras,
    )
  }
  if (status === 404) {
    return new SubletError(
      'not-found',
      `The bucket ${label} could not be ${what}, because it or the object is not there: check it in Settings, or with "sublet bucket check".`,
      extras,
    )
  }
  if (status === null) {
    return new SubletError(
      'unreachable',
      `The bucket ${label} does not answer: check the endpoint and the network, or wait.`,
      extras,
    )
  }
  return new SubletError(
    'unavailable',
    `The bucket ${label} could not be ${what} (${name}): try again later.`,
    extras,
  )
}
