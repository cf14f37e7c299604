import { toSubletError } from '../../../main/domain/errors.ts'
import type { Draft } from './draft.ts'
import { readDuration, readMoney, readSize, readWhole } from './read-fields.ts'
import { splitWords } from './split-words.ts'

/** Sentences about fields that cannot be read, by the field's key; `env.2` for the third variable. */
export type Problems = Readonly<Record<string, string>>

const names = /^[A-Za-z_][A-Za-z0-9_]*$/
const dataNames = /^(?!\.{1,2}$)[^/\\]{1,200}$/

/** What of a draft cannot be read, each with its sentence; empty when all of it can. */
export function problemsOf(draft: Draft): Problems {
  const found: Record<string, string> = {}
  const check = (key: string, text: string, read: (text: string) => unknown): void => {
    if (text.trim() === '') return
    try {
      read(text)
    } catch (thrown) {
      found[key] = toSubletError(thrown).message
    }
  }
  check('args', draft.command.trim() === '' ? draft.args : '', splitWords)
  check('budget', draft.budget, (text) =>
    notZero(
      readMoney(text, 'Budget'),
      'A budget of $0 rents nothing: leave it empty or give more.',
    ),
  )
  check('maxPrice', draft.maxPrice, (text) => readMoney(text, 'Price limit'))
  check('maxDuration', draft.maxDuration, (text) =>
    notZero(
      readDuration(text, 'Longest'),
      'Longest 0 leaves no time to run: leave it empty or give more.',
    ),
  )
  check('keepWarm', draft.keepWarm, (text) => readDuration(text, 'Keep warm'))
  check('grace', draft.grace, (text) => readDuration(text, 'Grace'))
  check('afterExit', draft.afterExit, (text) => readDuration(text, 'Hold results'))
  check('gpus', draft.gpus, (text) => readWhole(text, 'How many', 0, 64))
  check('retries', draft.retries, (text) => readWhole(text, 'Restarts', 0, 20))
  check('disk', draft.disk, (text) => {
    if (readSize(text) === null) throw new Error(`Disk "${text.trim()}" is no size: write 200 GB.`)
  })
  const seen = new Set<string>()
  draft.env.forEach(({ name, value }, index) => {
    const plain = name.trim()
    if (plain === '' && value === '') return
    if (!names.test(plain)) {
      found[`env.${index}`] =
        `"${plain}" is no name of a variable: use letters, digits and _, not starting with a digit.`
    } else if (seen.has(plain)) found[`env.${index}`] = `${plain} stands twice: keep one of them.`
    seen.add(plain)
  })
  draft.data.forEach(({ name }, index) => {
    if (name.trim() !== '' && !dataNames.test(name.trim())) {
      found[`data.${index}`] = `"${name}" is no file name: leave out slashes.`
    }
  })
  return found
}

function notZero(text: string, sentence: string): void {
  if (Number.parseFloat(text) === 0) throw new Error(sentence)
}

const secretLike = /(TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|CREDENTIAL)/i

/** Whether a variable's name says that its value should be in the keychain instead. */
export function looksSecret(name: string): boolean {
  return secretLike.test(name)
}
