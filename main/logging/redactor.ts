import { findHoldStart, needleOf, type Needle } from './hold-back.ts'
import { occurrences } from './occurrences.ts'
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
  // Each with its bytes: Latin-1 strings stand for them, one character each.
  const spellings = new Map<string, Needle>()
  let texts: readonly string[] = []
  let bytes: readonly Needle[] = []

  const redact = (text: string): string => {
    let shown = ''
    let at = 0
    for (const { from, to } of occurrences(text, texts)) {
      shown += text.slice(at, from) + replacement
      at = to
    }
    return at === 0 ? text : shown + text.slice(at)
  }

  const mask = (all: Uint8Array): Uint8Array => {
    const text = Buffer.from(all.buffer, all.byteOffset, all.byteLength).toString('latin1')
    const { shown } = maskUntil(text, bytes, true)
    return shown === text ? all : Buffer.from(shown, 'latin1')
  }

  return {
    add: (value) => {
      for (const spelling of spellingsOf(value)) {
        if (spellings.has(spelling)) continue
        spellings.set(spelling, needleOf(Buffer.from(spelling).toString('latin1')))
      }
      texts = [...spellings.keys()].toSorted((a, b) => b.length - a.length)
      bytes = [...spellings.values()].toSorted((a, b) => b.text.length - a.text.length)
    },
    redact,
    redactDeep: (value) => redactDeep(value, { text: redact, bytes: mask }),
    stream: () => {
      let held = ''
      const flush = (final: boolean): Buffer => {
        const cut = maskUntil(held, bytes, final)
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
  needles: readonly Needle[],
  final: boolean,
): { shown: string; rest: string } {
  if (needles.length === 0) return { shown: text, rest: '' }
  let hold = final ? text.length : findHoldStart(text, 0, needles)
  let shown = ''
  let at = 0
  const values = needles.map((needle) => needle.text)
  for (const { from, to } of occurrences(text, values)) {
    // A match in the held part might be the beginning of a longer secret.
    if (from >= hold) break
    shown += text.slice(at, from) + '*'.repeat(to - from)
    at = to
    if (hold < to) hold = findHoldStart(text, to, needles)
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
