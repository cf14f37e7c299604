import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { SubletError, toWireError } from '../../../main/domain/errors.ts'

/** Characters that may never be in a sentence of ours: controls, line ends, marks of direction. */
const active = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/
const longestSentence = 1_500

/** What is wrong with a sentence that a machine's words went into; null when nothing is. */
export function wrongWith(sentence: string): string | null {
  const found = active.exec(sentence)
  if (found !== null) {
    const code = found[0].codePointAt(0)?.toString(16)
    return `a sentence holds the character U+${code}: ${JSON.stringify(sentence.slice(0, 200))}`
  }
  if (sentence.length > longestSentence) return `a sentence has ${sentence.length} characters`
  return null
}

/** The same for an error as the engine's clients get it. */
export function wrongWithError(thrown: unknown): string | null {
  if (!(thrown instanceof SubletError)) {
    return `not an error in words: ${thrown instanceof Error ? (thrown.stack ?? '') : String(thrown)}`
  }
  const wire = toWireError(thrown)
  if (wire.code === 'internal') return `an internal error: ${thrown.stack ?? wire.message}`
  const code = wire.details?.['nativeCode']
  return wrongWith(wire.message) ?? (typeof code === 'string' ? wrongWith(code) : null)
}

/** Everything below a folder, as paths relative to it, bytes as characters; links are not followed. */
export function everythingIn(folder: string): string[] {
  const found: string[] = []
  const visit = (below: string): void => {
    for (const name of readdirSync(placeOf(folder, below), { encoding: 'latin1' })) {
      const path = below === '' ? name : `${below}/${name}`
      found.push(path)
      if (lstatSync(placeOf(folder, path)).isDirectory()) visit(path)
    }
  }
  visit('')
  return found
}

function placeOf(folder: string, path: string): Buffer {
  return Buffer.from(`${folder}/${path}`, 'latin1')
}

/** Links in the folder whose target lies outside of it. */
export function linksOutOf(folder: string): string[] {
  const root = realpathSync(folder)
  return everythingIn(folder).filter((path) => {
    const place = placeOf(root, path)
    if (!lstatSync(place).isSymbolicLink()) return false
    const link = readlinkSync(place, { encoding: 'latin1' })
    const target = resolve(dirname(`${root}/${path}`), link)
    return target !== root && !target.startsWith(root + sep)
  })
}
