import type { ErrorCode } from '../../../preload/contract/errors.ts'
import {
  adviceFor,
  asSentence,
  codeOfStatus,
  type Explained,
  type Refusal,
} from '../http/explain.ts'
import { wireErrorSchema } from './wire.ts'

/**
 * A 422 has many reasons, and only its words tell which. Those are known from users' reports, and
 * from dstack's backend, which takes every one at a launch for "no capacity" (2026-08).
 */
const reasons: readonly (readonly [RegExp, ErrorCode])[] = [
  [/limit/i, 'quota'],
  // How sizes are refused that the account was not let in to yet.
  [/invalid size|not enabled|request access/i, 'quota'],
  [/unavailable|not available|capacity|sold out/i, 'no-capacity'],
  [/already in use|pending event/i, 'conflict'],
]

const sentences: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: 'DigitalOcean does not accept this token: make a new one at cloud.digitalocean.com/account/api/tokens.',
}

/** What a refusal of DigitalOcean means. */
export function explain({ status, body, asked }: Refusal): Explained {
  const read = wireErrorSchema.safeParse(body)
  if (!read.success) {
    const code = codeOfStatus(status)
    const message = `DigitalOcean answered ${asked} with HTTP ${status}. ${adviceFor(code)}`
    return { code, message }
  }
  const { id: nativeCode, message } = read.data
  const code = codeOf(status, message)
  const said = `DigitalOcean to ${asked}: ${asSentence(message)} ${adviceFor(code)}`
  return { code, message: sentences[code] ?? said, nativeCode }
}

function codeOf(status: number, message: string): ErrorCode {
  if (status !== 422) return codeOfStatus(status)
  return reasons.find(([words]) => words.test(message))?.[1] ?? 'invalid'
}
