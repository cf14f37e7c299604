import type { ErrorCode } from '../../../preload/contract/errors.ts'
import { SubletError } from '../../domain/errors.ts'
import { adviceFor, asSentence, codeOfStatus } from '../http/explain.ts'
import { retryAfterMs } from '../http/retry-after.ts'

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, read 2026-11, and
// the common errors of the JSON services, whose names end in `Exception`.
const codes: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: 'AuthFailure InvalidClientTokenId UnrecognizedClient SignatureDoesNotMatch InvalidSignature IncompleteSignature MissingAuthenticationToken ExpiredToken RequestExpired RequestTimeTooSkewed CredentialsProviderError TokenProviderError',
  permission:
    'UnauthorizedOperation AccessDenied OptInRequired Blocked PendingVerification AuthorizationError',
  quota:
    'VcpuLimitExceeded InstanceLimitExceeded MaxSpotInstanceCountExceeded AddressLimitExceeded VolumeLimitExceeded SecurityGroupLimitExceeded',
  'no-capacity':
    'InsufficientInstanceCapacity InsufficientHostCapacity InsufficientCapacity UnfulfillableCapacity InsufficientFreeAddressesInSubnet Unsupported InstanceTypeNotSupported',
  'price-moved': 'SpotMaxPriceTooLow',
  'rate-limited':
    'RequestLimitExceeded Throttling ThrottledException TooManyRequests SlowDown EC2ThrottledException',
  'not-found': 'ParameterNotFound NoSuchResource',
  conflict:
    'IdempotentParameterMismatch IdempotentInstanceTerminated VolumeInUse DependencyViolation IncorrectState IncorrectInstanceState InvalidGroup.InUse InvalidGroup.Duplicate InvalidPermission.Duplicate InvalidIPAddress.InUse OperationNotPermitted',
  invalid: 'VPCIdNotSpecified MissingInput',
  unavailable: 'InternalError InternalFailure ServiceUnavailable Unavailable ServerInternal',
}

const byName = new Map<string, ErrorCode>(
  Object.entries(codes).flatMap(([code, names]) =>
    names.split(' ').map((name) => [name, code as ErrorCode] as const),
  ),
)

const sentences: Readonly<Record<string, string>> = {
  ExpiredToken:
    'The session token of this AWS account has expired: log in again, then replace the keys of the account.',
  RequestExpired: 'AWS says that the request came too late: set the clock of this computer right.',
  RequestTimeTooSkewed: 'AWS says that the clock of this computer is wrong: set it right.',
  PendingVerification:
    'AWS is still checking this account before it may start machines; that takes some hours. Try again later.',
  OptInRequired:
    'This region or service is not switched on for the account: switch it on at console.aws.amazon.com/billing/home#/account.',
}

interface Asked {
  readonly region: string
  readonly signal: AbortSignal
  readonly now: number
}

/** What an error of the SDK means: a code, and a sentence that says what to do. */
export function awsError(thrown: unknown, { region, signal, now }: Asked): SubletError {
  if (signal.aborted) return cancelled(signal)
  if (thrown instanceof SubletError) return thrown
  if (!(thrown instanceof Error)) return unreachable(region, thrown)
  const { $metadata, $response } = thrown as AwsException
  const status = $metadata?.httpStatusCode ?? $response?.statusCode ?? null
  const name = thrown.name.replace(/Exception$/, '')
  const known = byName.get(name) ?? (name.includes('.NotFound') ? 'not-found' : undefined)
  // Without `$fault` it is none of Amazon's refusals: no answer, or one that is no XML and no JSON.
  if (known === undefined && !('$fault' in thrown)) return unreachable(region, thrown)
  const code = known ?? (name.endsWith('LimitExceeded') ? 'quota' : codeOfStatus(status ?? 0))
  const waitMs = retryAfterMs($response?.headers?.['retry-after'] ?? null, now)
  return new SubletError(code, sentences[name] ?? sentenceOf(thrown, code, region), {
    nativeCode: thrown.name,
    ...(waitMs === null ? {} : { retryAfterMs: waitMs }),
  })
}

/** As every method says it. */
export function cancelled(signal: AbortSignal): SubletError {
  return new SubletError('cancelled', 'The operation was cancelled.', { cause: signal.reason })
}

/** Whether a failure carries one of these codes. */
export function isCode(thrown: unknown, ...some: readonly ErrorCode[]): thrown is SubletError {
  return thrown instanceof SubletError && some.includes(thrown.code)
}

/** Whether AWS itself called the failure so. */
export function isNative(thrown: unknown, ...names: readonly string[]): thrown is SubletError {
  return thrown instanceof SubletError && names.includes(thrown.extras.nativeCode ?? '')
}

interface AwsException extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: {
    readonly statusCode?: number
    readonly headers?: Readonly<Record<string, string>>
  }
}

function sentenceOf(thrown: Error, code: ErrorCode, region: string): string {
  if (code === 'auth') {
    // Amazon's own words repeat parts of the signed request.
    return thrown.name.endsWith('ProviderError')
      ? `The keys of this AWS account cannot be had: ${asSentence(thrown.message)} Log in to the profile again, or choose another.`
      : 'AWS does not accept the keys of this account: make new ones at console.aws.amazon.com/iam, then replace them.'
  }
  // What follows is an encoded policy, for administrators only.
  const said = thrown.message.split('Encoded authorization failure')[0] ?? ''
  const advice =
    code === 'permission'
      ? 'Give the user the policy that "sublet accounts add aws --policy" prints.'
      : adviceFor(code)
  return `AWS in ${region}: ${asSentence(said)} ${advice}`
}

function unreachable(region: string, thrown: unknown): SubletError {
  const inner = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  const why =
    inner instanceof Error && inner.name === 'TimeoutError' ? 'did not answer in time' : null
  const unread =
    thrown instanceof Error && '$response' in thrown ? 'answered what Sublet cannot read' : null
  return new SubletError(
    'unavailable',
    `AWS in ${region} ${why ?? unread ?? 'could not be reached'}. Sublet asks again.`,
    { nativeCode: codeIn(inner), cause: thrown },
  )
}

function codeIn(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code || (error instanceof Error ? asSentence(error.message) : String(error))
}
