import { lstat, open, readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { SubletError } from '../../domain/errors.ts'
import { didYouMean } from '../../domain/nearest.ts'

const mostTextBytes = 2 * 1024 * 1024

/** Refuses the root of a file system as an input: it would be read, and sent, for hours. */
export function refuseRoot(absolute: string, what: string): void {
  if (path.dirname(absolute) !== absolute) return
  throw new SubletError(
    'invalid',
    `${what} ${absolute} is a whole file system: name a folder in it.`,
  )
}

/** Absolute form of a path as users write it: `~/` is the home folder, the rest starts at `baseDir`. */
export function resolveUserPath(written: string, baseDir: string): string {
  if (written === '~') return homedir()
  if (/^~[/\\]/.test(written)) return path.join(homedir(), written.slice(2))
  return path.resolve(baseDir, written)
}

/** File or folder; fails with `input-missing` and the nearest existing name. */
export async function requireInput(absolute: string, what: string): Promise<'file' | 'folder'> {
  let found
  try {
    found = await stat(absolute)
  } catch (error) {
    throw await missing(absolute, what, error)
  }
  if (found.isDirectory()) return 'folder'
  if (found.isFile()) return 'file'
  throw new SubletError(
    'invalid',
    `${what} ${absolute} is neither a file nor a folder: name a regular file or a folder.`,
  )
}

/** Names in a folder, sorted; dot files included. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).sort()
}

const mostEntriesWeighed = 2_000

/** Whether a file or folder holds that many bytes; so many entries that it takes long count as yes. */
export async function holdsAtLeast(absolute: string, bytes: number): Promise<boolean> {
  const waiting = [absolute]
  let total = 0
  for (let seen = 0; seen < mostEntriesWeighed; seen += 1) {
    const next = waiting.pop()
    if (next === undefined) return false
    const found = await lstat(next)
    if (found.isFile()) total += found.size
    if (total >= bytes) return true
    if (found.isDirectory())
      waiting.push(...(await namesIn(next)).map((name) => path.join(next, name)))
  }
  return true
}

/** Text of a file, or null when it is too large, not text or not readable. */
export async function textOf(file: string): Promise<string | null> {
  try {
    const found = await stat(file)
    // A pipe or device would be waited for without end.
    if (!found.isFile() || found.size > mostTextBytes) return null
    const text = await readFile(file, 'utf8')
    return text.includes('\0') ? null : text
  } catch {
    // Reading is only for hints here; the upload reports a file that cannot be read.
    return null
  }
}

export type Binary =
  | { readonly kind: 'elf'; readonly arch: 'x86_64' | 'arm64' | 'other' }
  | { readonly kind: 'foreign'; readonly system: 'macOS' | 'Windows' }
  | { readonly kind: 'script'; readonly interpreter: string }
  | { readonly kind: 'none' }

/** What a file is by its first bytes: a Linux program, another system's, or a `#!` script. */
export async function binaryOf(file: string): Promise<Binary> {
  const handle = await open(file, 'r')
  try {
    const head = Buffer.alloc(256)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (bytesRead >= 20 && head.readUInt32BE(0) === 0x7f454c46) {
      const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18)
      return { kind: 'elf', arch: machine === 62 ? 'x86_64' : machine === 183 ? 'arm64' : 'other' }
    }
    const magic = bytesRead >= 4 ? head.readUInt32BE(0) : 0
    if ([0xcffaedfe, 0xcefaedfe, 0xcafebabe].includes(magic)) {
      return { kind: 'foreign', system: 'macOS' }
    }
    if (bytesRead >= 2 && head[0] === 0x4d && head[1] === 0x5a) {
      return { kind: 'foreign', system: 'Windows' }
    }
    const line = /^#!\s*(\S.*)/.exec(head.subarray(0, bytesRead).toString('latin1'))
    return line?.[1] === undefined
      ? { kind: 'none' }
      : { kind: 'script', interpreter: line[1].trim() }
  } finally {
    await handle.close()
  }
}

/** Whether anybody may execute it. Windows has no such bit and answers false. */
export async function isExecutable(file: string): Promise<boolean> {
  return process.platform !== 'win32' && ((await stat(file)).mode & 0o111) !== 0
}

async function missing(absolute: string, what: string, cause: unknown): Promise<SubletError> {
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  if (code === 'EACCES' || code === 'EPERM') {
    return new SubletError(
      'input-missing',
      `${what} ${absolute} cannot be read: give yourself permission to read it.`,
      { nativeCode: code, cause },
    )
  }
  const folder = path.dirname(absolute)
  try {
    const hint = didYouMean(path.basename(absolute), await namesIn(folder))
    return new SubletError(
      'input-missing',
      `${what} ${absolute} does not exist${hint === '' ? ': check the path.' : hint}`,
      { nativeCode: code, cause },
    )
  } catch (error) {
    return new SubletError(
      'input-missing',
      `${what} ${absolute} does not exist, nor does its folder ${folder}: check the path.`,
      { nativeCode: code, cause: error },
    )
  }
}
