import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { findIn, type Canary } from './needles.ts'

export interface Find {
  readonly canary: string
  readonly where: string
}

export interface Searched {
  /** Files, bytes or looks: none proves nothing. */
  readonly looked: number
  readonly finds: readonly Find[]
}

/** Searches every file below a folder, its name too, and gzip files unpacked; links are not followed. */
export function searchFolder(
  folder: string,
  canaries: readonly Canary[],
  isAllowed: (path: string, canary: string) => boolean = () => false,
): Searched {
  const finds: Find[] = []
  let looked = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    const bytes = contents(path)
    if (bytes === null) continue
    looked += 1
    for (const found of findIn(Buffer.concat([Buffer.from(name), ...unpacked(bytes)]), canaries)) {
      if (!isAllowed(path, found)) finds.push({ canary: found, where: path })
    }
  }
  return { looked, finds }
}

function contents(path: string): Buffer | null {
  try {
    return lstatSync(path).isFile() ? readFileSync(path) : null
  } catch {
    return null // It was removed while the folder was read.
  }
}

function unpacked(bytes: Buffer): readonly Buffer[] {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [bytes]
  try {
    return [bytes, gunzipSync(bytes, { maxOutputLength: 64 * 1024 * 1024 })]
  } catch {
    return [bytes] // It only begins like one.
  }
}
