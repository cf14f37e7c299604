import type { ErrorCode } from '../../../preload/contract/errors.ts'

/** A provider's refusal, as far as it could be read. */
export interface Refusal {
  readonly status: number
  /** Parsed JSON, or the text where it is none. */
  readonly body: unknown
  /** `POST /instances`: what was asked. */
  readonly asked: string
}

/** What a refusal means: a code to branch on, and a sentence that says what to do. */
export interface Explained {
  readonly code: ErrorCode
  readonly message: string
  /** The provider's own code, shown in details. */
  readonly nativeCode?: string
  /** The wait that the body asks for, where no header does. */
  readonly retryAfterMs?: number
  /** What the refusal says beside, for whoever asked: the id of a machine that it made all the same. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** What a status means where the provider's own code does not say more (RFC 9110, RFC 6585). */
export function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'auth'
  if (status === 402) return 'quota'
  if (status === 403) return 'permission'
  if (status === 404 || status === 410) return 'not-found'
  if (status === 409) return 'conflict'
  if (status === 429) return 'rate-limited'
  // A time-out or a hang-up on the way: whether it had an effect is open (425 and 499 are nginx's).
  if (status === 408 || status === 425 || status === 499) return 'unavailable'
  if (status >= 400 && status < 500) return 'invalid'
  return 'unavailable'
}

const advice: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: 'Check the key of this account, or make a new one.',
  permission: 'Give the key the right that it lacks.',
  quota: 'Ask for a higher limit, or choose another offer.',
  'no-capacity': 'Choose another region or type, or try again later.',
  'rate-limited': 'Sublet asks again.',
  unavailable: 'Sublet asks again.',
}

/** What the user may do about a code, to end a provider's sentence with. */
export function adviceFor(code: ErrorCode): string {
  return advice[code] ?? 'Nothing was changed.'
}

/** A provider's words as the beginning of a sentence of ours: one line, not endless, with its stop. */
export function asSentence(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 400)
  return line === '' || /[.!?]$/.test(line) ? line : `${line}.`
}
