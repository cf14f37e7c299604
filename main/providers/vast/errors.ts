import type { ErrorCode } from '../../../preload/contract/errors.ts'
import {
  adviceFor,
  asSentence,
  codeOfStatus,
  type Explained,
  type Refusal,
} from '../http/explain.ts'
import { wireErrorSchema } from './wire.ts'

/** `error` of the answers, as the API description of 2026-08-07 names them. */
const codes: Readonly<Record<string, ErrorCode>> = {
  auth_error: 'auth',
  invalid_args: 'invalid',
  invalid_request: 'invalid',
  invalid_token: 'invalid',
  no_ssh_key_for_vm: 'invalid',
  invalid_price: 'price-moved',
  no_such_ask: 'no-capacity',
  not_found: 'not-found',
  no_such_instance: 'not-found',
  no_such_volume: 'not-found',
  no_such_ssh_key: 'not-found',
  rate_limit_exceeded: 'rate-limited',
  delete_ssh_from_instance: 'unavailable',
}

/** What only the words tell. In order, before the codes. */
const words: readonly (readonly [RegExp, ErrorCode])[] = [
  [/too frequent/i, 'rate-limited'],
  // A key that nobody has is a 404; none at all is a 403.
  [/invalid user key|requires login/i, 'auth'],
  // The code of an ask that is taken is `invalid_args` at times.
  [/no_such_ask/, 'no-capacity'],
  // Which code and status is not documented; the one for prepaying is 411 "Insufficient credit".
  [/insufficient[ _](credit|balance|funds)|not enough credit|lacks? credit/i, 'quota'],
  [/is not your own|permission|not authori[sz]ed/i, 'permission'],
]

const sentences: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: 'Vast.ai does not accept this API key: make a new one at cloud.vast.ai/manage-keys.',
  quota: 'The Vast.ai account has too little credit for this: add some at cloud.vast.ai/billing.',
  'no-capacity': 'Somebody else has taken this machine at Vast.ai: choose another offer.',
  'price-moved':
    'The bid is below what this machine costs at Vast.ai by now: choose another offer.',
}

/** The rights that a limited key needs (docs.vast.ai/api-reference/permissions, 2026-08). */
export const neededRights = 'misc, user_read, instance_read, instance_write and billing_read'

/** What a refusal of Vast.ai means. */
export function explain({ status, body, asked }: Refusal): Explained {
  const read = wireErrorSchema.safeParse(body)
  const { error = '', msg = '', message, detail, new_contract: made } = read.data ?? {}
  const text = [msg, message, detail, typeof body === 'string' && status === 429 ? body : '']
    .filter(Boolean)
    .join(' ')
  const code = codeOf(status, error, text)
  const threshold = /threshold\s*=\s*([\d.]+)/.exec(text)?.[1]
  const said = text === '' ? `${asked} was answered with HTTP ${status}.` : asSentence(text)
  const advice =
    code === 'permission' ? `Give the key the rights ${neededRights}.` : adviceFor(code)
  return {
    code,
    message: sentences[code] ?? `Vast.ai: ${said} ${advice}`,
    nativeCode: error === '' ? `HTTP ${status}` : asSentence(`${error} ${text}`),
    ...(code === 'rate-limited' && threshold !== undefined
      ? { retryAfterMs: Math.ceil(Number(threshold) * 1_000) }
      : {}),
    ...(typeof made === 'number' ? { details: { newContract: made } } : {}),
  }
}

/** Some refusals come as HTTP 200 with `success: false` (the description, "show invoices"). */
export function isRefusal(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'success' in body && body.success === false
}

function codeOf(status: number, error: string, text: string): ErrorCode {
  const spoken = words.find(([pattern]) => pattern.test(`${error} ${text}`))
  if (spoken !== undefined) return spoken[1]
  if (status >= 500) return 'unavailable'
  if (status === 411) return 'quota'
  return codes[error] ?? (status < 300 ? 'invalid' : codeOfStatus(status))
}
