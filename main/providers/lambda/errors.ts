import type { ErrorCode } from '../../../preload/contract/errors.ts'
import {
  adviceFor,
  asSentence,
  codeOfStatus,
  type Explained,
  type Refusal,
} from '../http/explain.ts'
import { wireErrorSchema } from './wire.ts'

/** The codes of the API description 1.10.0, which asks clients to rely on them. */
const codes: Readonly<Record<string, ErrorCode>> = {
  'global/invalid-api-key': 'auth',
  'global/account-inactive': 'permission',
  'global/invalid-address': 'permission',
  'global/forbidden': 'permission',
  'global/invalid-parameters': 'invalid',
  'global/quota-exceeded': 'quota',
  'global/object-does-not-exist': 'not-found',
  'global/not-found': 'not-found',
  'global/duplicate': 'conflict',
  'global/conflict': 'conflict',
  'global/internal-error': 'unavailable',
  'instance-operations/launch/insufficient-capacity': 'no-capacity',
  'instance-operations/launch/file-system-in-wrong-region': 'invalid',
  'filesystems/filesystem-in-use': 'conflict',
}

const sentences: Readonly<Record<string, string>> = {
  'global/invalid-api-key':
    'Lambda does not accept this API key: make a new one at cloud.lambda.ai/api-keys.',
  'global/account-inactive':
    'This Lambda account is not active: finish its billing set-up at cloud.lambda.ai.',
  'global/invalid-address':
    'Lambda does not accept the billing address of this account: correct it at cloud.lambda.ai.',
}

/** What a refusal of Lambda means. */
export function explain({ status, body, asked }: Refusal): Explained {
  const read = wireErrorSchema.safeParse(body)
  if (!read.success) {
    const code = codeOfStatus(status)
    const message = `Lambda answered ${asked} with HTTP ${status}. ${adviceFor(code)}`
    return { code, message }
  }
  const { code: nativeCode, message, suggestion = '' } = read.data.error
  const code = codes[nativeCode] ?? codeOfStatus(status)
  const said = asSentence(`${asSentence(message)} ${suggestion}`)
  const sentence = sentences[nativeCode] ?? `Lambda: ${said} ${adviceFor(code)}`
  return { code, message: sentence, nativeCode }
}
