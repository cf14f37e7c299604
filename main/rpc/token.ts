import { randomBytes } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const tokenPattern = /^[0-9a-f]{64}$/

/** Reads the token of the local socket; null when there is none yet. */
export function readToken(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return tokenPattern.test(text) ? text : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/** The engine's, under its lock: keeps the token there is or writes a new one, mode 0600. */
export function ensureToken(path: string): string {
  const known = readToken(path)
  if (known !== null) {
    chmodSync(path, 0o600)
    return known
  }
  const token = randomBytes(32).toString('hex')
  writeFileSync(`${path}.new`, `${token}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return token
}
