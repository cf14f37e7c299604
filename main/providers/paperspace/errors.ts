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
  const code = codeOf(status, message, asked)
  const said = `Paperspace to ${asked}: ${asSentence(message)} ${adviceFor(code)}`
  return { code, message: code === 'auth' ? keyRefused : said, nativeCode }
}

/** The sentence of a key that is nobody's. */
export const keyRefused =
  'Paperspace does not accept this API key: make a new one in the team settings of console.paperspace.com.'

/** The words are those of refused launches: of anything else they would hide that it was refused. */
function codeOf(status: number, message: string, asked: string): ErrorCode {
  const isLaunch = asked === 'POST /machines' && ofStatus.has(status)
  const byWords = reasons.find(([words]) => words.test(message))?.[1]
  return (isLaunch ? byWords : undefined) ?? codeOfStatus(status)
}
