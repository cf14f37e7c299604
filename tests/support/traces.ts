import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Regular files below a folder whose bytes hold the text. */
export async function filesWith(dir: string, text: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const one of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!one.isFile()) continue
    const path = join(one.parentPath, one.name)
    const bytes = await readFile(path).catch(() => Buffer.alloc(0)) // It went meanwhile.
    if (bytes.includes(text)) found.push(path)
  }
  return found
}

/** Command lines of this computer's processes that hold the text. Empty where there is no /proc. */
export function processesWith(text: string): readonly string[] {
  return numbersIn('/proc')
    .map((pid) => words(pid))
    .filter((line) => line.includes(text))
}

function numbersIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir).filter((name) => /^\d+$/.test(name))
  } catch {
    return [] // Not Linux.
  }
}

function words(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // It ended meanwhile.
  }
}
