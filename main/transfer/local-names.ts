import { isUtf8 } from 'node:buffer'
import type { PathBytes } from './path-bytes.ts'

/** What names a local file system can hold. */
export interface NameRules {
  /** Any byte but `/` and NUL, or only UTF-8. */
  readonly encoding: 'bytes' | 'utf8'
  /** Characters, endings and device names that Windows refuses. */
  readonly windows: boolean
  /** `Loss.csv` and `loss.csv` are one file. */
  readonly foldCase: boolean
  /** Composed and decomposed accents are one name. */
  readonly foldUnicode: boolean
}

/** The usual file systems of the platform; a case-sensitive volume just gets a needless suffix. */
export function nameRulesOf(platform: NodeJS.Platform): NameRules {
  if (platform === 'win32') {
    return { encoding: 'utf8', windows: true, foldCase: true, foldUnicode: false }
  }
  const isMac = platform === 'darwin'
  const encoding = isMac ? 'utf8' : 'bytes'
  return { encoding, windows: false, foldCase: isMac, foldUnicode: isMac }
}

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i
const LONGEST_NAME_BYTES = 255

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

function heldName(name: string, rules: NameRules): string {
  let held = name
  if (rules.encoding === 'utf8' && !isUtf8(Buffer.from(name, 'latin1'))) {
    held = held.replaceAll(/[\x80-\xff]/g, (char) => percent(char.charCodeAt(0)))
  }
  if (rules.windows) {
    held = held.replaceAll(/[\x00-\x1f<>:"|?*\\]/g, (char) => percent(char.charCodeAt(0)))
    held = held.replace(/[. ]$/, (char) => percent(char.charCodeAt(0)))
    if (WINDOWS_DEVICE.test(held)) held = `_${held}`
  }
  return held
}

function foldKey(name: string, rules: NameRules): string {
  if (!rules.foldCase && !rules.foldUnicode) return name
  let text = Buffer.from(name, 'latin1').toString('utf8')
  if (rules.foldUnicode) text = text.normalize('NFC')
  return rules.foldCase ? text.toLowerCase() : text
}

/** Adds a suffix without passing the longest name that file systems hold. */
export function withSuffix(name: string, suffix: string): string {
  return name.slice(0, LONGEST_NAME_BYTES - suffix.length) + suffix
}

/**
 * Local names for remote paths, folder by folder: each path keeps its own where the file system
 * can hold it, else gets an escaped or numbered one, the same in every run for the same set.
 */
export function mapLocalNames(
  paths: Iterable<PathBytes>,
  rules: NameRules,
): Map<PathBytes, PathBytes> {
  const mapped = new Map<string, string>([['', '']])
  const taken = new Map<string, Set<string>>()
  const map = (path: string): string => {
    const known = mapped.get(path)
    if (known !== undefined) return known
    const cut = path.lastIndexOf('/')
    const parent = map(cut < 0 ? '' : path.slice(0, cut))
    const used = taken.get(parent) ?? new Set<string>()
    taken.set(parent, used)
    const wanted = heldName(path.slice(cut + 1), rules)
    let name = wanted
    for (let count = 2; used.has(foldKey(name, rules)); count += 1) {
      name = withSuffix(wanted, `~${count}`)
    }
    used.add(foldKey(name, rules))
    const local = parent === '' ? name : `${parent}/${name}`
    mapped.set(path, local)
    return local
  }
  const result = new Map<PathBytes, PathBytes>()
  for (const path of [...paths].sort()) result.set(path, map(path) as PathBytes)
  return result
}
