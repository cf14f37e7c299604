import type { ErrorCode } from '../../../preload/contract/errors.ts'
import {
  adviceFor,
  asSentence,
  codeOfStatus,
  type Explained,
  type Refusal,
} from '../http/explain.ts'
import { wireErrorSchema } from './wire.ts'

// Statuses: the responses of the API description 2.0.0, and the table in that of `POST /v2/pods`.
// There are no codes beside the status: `title`, `detail` and `errors` are words for people.

const creating = 'POST /v2/pods'

const sentences: Readonly<Partial<Record<number, string>>> = {
  401: 'RunPod does not accept this API key: make a new one at console.runpod.io/user/settings.',
  402: 'The credit of this RunPod account does not suffice: add some at console.runpod.io/user/billing.',
}

/** What a refusal of RunPod means. */
export function explain({ status, body, asked }: Refusal): Explained {
  const read = wireErrorSchema.safeParse(body)
  const { detail = '', errors = [] } = read.success ? read.data : {}
  const code = asked === creating ? codeOfCreation(status, detail) : codeOf(status)
  const nativeCode = `HTTP ${status}`
  const known = sentences[status]
  if (known !== undefined) return { code, message: known, nativeCode }
  const said = asSentence([detail, ...errors].filter((one) => one !== '').join('; '))
  const words = said === '' ? `RunPod answered ${asked} with HTTP ${status}.` : `RunPod: ${said}`
  return { code, message: `${words} ${advice(code, status)}`, nativeCode }
}

/** A request that breaks a rule is wrong, whether it says 400, 405 or 422. */
function codeOf(status: number): ErrorCode {
  return status === 400 ? 'invalid' : codeOfStatus(status)
}

/**
 * 400 is "no capacity" as well as "breaks a rule", without a code: the next offer is tried, as
 * RunPod advises, and its words are shown. 403 is "this account may not use that pool" (the next
 * offer is tried) as well as "the key lacks the right": only the words tell them apart.
 */
function codeOfCreation(status: number, detail: string): ErrorCode {
  if (status === 400) return 'no-capacity'
  if (status === 403 && /pool|gpu|cloud|data ?cent(er|re)/i.test(detail)) return 'no-capacity'
  // Nothing that it names can be missing but what we ask for.
  return status === 404 ? 'invalid' : codeOfStatus(status)
}

function advice(code: ErrorCode, status: number): string {
  if (code === 'permission') {
    return 'Make a key that may read and write at console.runpod.io/user/settings.'
  }
  return code === 'no-capacity' && status === 403
    ? 'Choose another type, or ask RunPod for access.'
    : adviceFor(code)
}
