import { type PathBytes } from './path-bytes.ts'

/**
 * Whether a symlink at `path` with this target stays inside the tree. Steps up are allowed only
 * at the target's start: the folders above a link are real folders in our trees, so those resolve
 * as written, while a `..` after a name could pass through another link and lead out.
 */
export function linkStaysInside(path: PathBytes, target: PathBytes): boolean {
  if (target === '' || target.includes('\0') || target.startsWith('/')) return false
  if (target.includes('\\') && process.platform === 'win32') return false
  let depth = path.split('/').length - 1
  let named = false
  for (const name of target.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') {
      named = true
      continue
    }
    depth -= 1
    if (named || depth < 0) return false
  }
  return true
}
