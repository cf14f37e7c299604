import { pathAsText, type PathBytes } from './path-bytes.ts'

const SPECIAL = /[.+^$()|\\]/g

/** One glob as an expression over a whole relative path: `*`, `?`, `**`, `[a-z]`, `{a,b}`. */
function globToRegExp(glob: string): RegExp {
  let source = ''
  let braces = 0
  for (let at = 0; at < glob.length; at += 1) {
    const char = glob.charAt(at)
    if (glob.startsWith('**/', at)) {
      source += '(?:.*/)?'
      at += 2
    } else if (glob.startsWith('**', at)) {
      source += '.*'
      at += 1
    } else if (char === '*') source += '[^/]*'
    else if (char === '?') source += '[^/]'
    else if (char === '[' && glob.indexOf(']', at + 2) > 0) {
      const end = glob.indexOf(']', at + 2)
      const inside = glob.slice(at + 1, end).replaceAll(/[\\[]/g, '\\$&')
      source += `[${inside.startsWith('!') ? `^/${inside.slice(1)}` : inside}]`
      at = end
    } else if (char === '{' && glob.includes('}', at)) {
      source += '(?:'
      braces += 1
    } else if (char === '}' && braces > 0) {
      source += ')'
      braces -= 1
    } else if (char === ',' && braces > 0) source += '|'
    else source += char.replace(SPECIAL, '\\$&').replace(/[[\]{}]/, '\\$&')
  }
  return new RegExp(`^${source}$`, 'su')
}

/**
 * A test whether a path matches any of the globs, itself or through a folder above it: `results`
 * means everything in it. Globs are relative to the work folder; a leading `./` and a trailing `/`
 * do not count.
 */
export function globMatcher(globs: readonly string[]): (path: PathBytes) => boolean {
  const tests = globs.map((glob) => globToRegExp(glob.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')))
  return (path) => {
    const names = (pathAsText(path) ?? path).split('/')
    return names.some((_, index) => {
      const prefix = names.slice(0, index + 1).join('/')
      return tests.some((test) => test.test(prefix))
    })
  }
}
