import { findHoldStart } from './hold-back.ts'
import { redactDeep } from './redact-deep.ts'

/** Knows the secret values of this process and takes them out of whatever leaves it. */
export interface Redactor {
  /** Registers a value in all its usual spellings. Values under 4 characters would blot out everything. */
  add(value: string): void
  /** Replaces every occurrence by `[secret]`. */
  redact(text: string): string
  /** The same in every string of a value, keys and bytes included: see `redactDeep`. */
  redactDeep<T>(value: T): T
  /** For one stream of bytes (a job's log). */
  stream(): StreamRedactor
}

/** Masks byte for byte with `*`, so that byte offsets stay true; secrets may lie across chunks. */
export interface StreamRedactor {
  /** What can be shown so far; the start of a possible secret is held back. */
  push(chunk: Uint8Array): Buffer
  /** The rest, at the end of the stream. */
  end(): Buffer
}

const minLength = 4
const replacement = '[secret]'

export function createRedactor(): Redactor {
  const spellings = new Set<string>()
  let texts: RegExp | null = null
  // Latin-1 strings stand for bytes: one character each.
  let bytes: { readonly values: readonly string[]; readonly pattern: RegExp | null } = {
    values: [],
    pattern: null,
  }

  const redact = (text: string) => (texts === null ? text : text.replaceAll(texts, replacement))

  const mask = (all: Uint8Array): Uint8Array => {
    const text = Buffer.from(all.buffer, all.byteOffset, all.byteLength).toString('latin1')
    const { shown } = maskUntil(text, bytes.values, bytes.pattern, true)
    return shown === text ? all : Buffer.from(shown, 'latin1')
  }

  return {
    add: (value) => {
      for (const spelling of spellingsOf(value)) spellings.add(spelling)
      texts = patternOf([...spellings])
      const values = [...spellings].map((text) => Buffer.from(text).toString('latin1'))
      bytes = { values, pattern: patternOf(values) }
    },
    redact,
    redactDeep: (value) => redactDeep(value, { text: redact, bytes: mask }),
    stream: () => {
      let held = ''
      const flush = (final: boolean): Buffer => {
        const { values, pattern } = bytes
        const cut = maskUntil(held, values, pattern, final)
        held = cut.rest
        return Buffer.from(cut.shown, 'latin1')
      }
      return {
        push: (chunk) => {
          held += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
          return flush(false)
        },
        end: () => flush(true),
      }
    },
  }
}

function maskUntil(
  text: string,
  values: readonly string[],
  pattern: RegExp | null,
  final: boolean,
): { shown: string; rest: string } {
  if (pattern === null) return { shown: text, rest: '' }
  let hold = final ? text.length : findHoldStart(text, 0, values)
  let shown = ''
  let at = 0
  for (const match of text.matchAll(pattern)) {
    // A match in the held part might be the beginning of a longer secret.
    if (match.index >= hold) break
    const end = match.index + match[0].length
    shown += text.slice(at, match.index) + '*'.repeat(match[0].length)
    at = end
    if (hold < end) hold = findHoldStart(text, end, values)
  }
  return { shown: shown + text.slice(at, hold), rest: text.slice(hold) }
}

/** The value itself and how JSON, URLs, base64 and log lines (one by one) would carry it. */
function spellingsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16)
  const encoded = [
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
  ]
  return [value, ...lines, ...encoded].filter((text) => text.length >= minLength)
}

function patternOf(values: readonly string[]): RegExp | null {
  if (values.length === 0) return null
  const longestFirst = values.toSorted((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((value) => escapeForPattern(value)).join('|'), 'g')
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
