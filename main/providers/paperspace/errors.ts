import type { ErrorCode } from '../../../preload/contract/errors.ts'
import {
  adviceFor,
  asSentence,
  codeOfStatus,
  type Explained,
  type Refusal,
} from '../http/explain.ts'
import { wireErrorSchema } from './wire.ts'

/** The description names no codes; what a refused request lacks is told by its words alone. */
const reasons: readonly (readonly [RegExp, ErrorCode])[] = [
  // Large GPUs have to be asked for; answered within two working days.
  [/approv|request access|quota|limit|maximum/i, 'quota'],
  [/capacity|out of stock|not available|unavailable/i, 'no-capacity'],
]
const ofStatus = new Set([400, 403, 409, 422])

/** What a refusal of Paperspace means. */
export function explain({ status, body, asked }: Refusal): Explained {
  const read = wireErrorSchema.safeParse(body)
  if (!read.success) {
    const code = codeOfStatus(status)
    const message = `Paperspace answered ${asked} with HTTP ${status}. ${adviceFor(code)}`
    return { code, message }
  }
  const { code: nativeCode, message } = read.data
  const code = codeOf(status, message)
  const said = `Paperspace to ${asked}: ${asSentence(message)} ${adviceFor(code)}`
  return { code, message: code === 'auth' ? keyRefused : said, nativeCode }
}

/** The sentence of a key that is nobody's. */
export const keyRefused =
  'Paperspace does not accept this API key: make a new one in the team settings of console.paperspace.com.'

function codeOf(status: number, message: string): ErrorCode {
  const byWords = reasons.find(([words]) => words.test(message))?.[1]
  return (ofStatus.has(status) ? byWords : undefined) ?? codeOfStatus(status)
}
