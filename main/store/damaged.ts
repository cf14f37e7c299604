import { createHash } from 'node:crypto'
import { chmodSync, constants, copyFileSync, existsSync, readFileSync } from 'node:fs'

/**
 * Copies a damaged database (and its write-ahead log) next to itself and answers the copy's path.
 * The name comes from the content, so that starting again and again does not fill the disk.
 */
export function setAside(path: string): string {
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
  const target = `${path}.damaged-${digest}`
  for (const suffix of ['', '-wal']) {
    if (!existsSync(path + suffix) || existsSync(target + suffix)) continue
    copyFileSync(path + suffix, target + suffix, constants.COPYFILE_EXCL)
    chmodSync(target + suffix, 0o600)
  }
  return target
}
