import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** A file of the renderer, ready to be sent. */
export interface StaticFile {
  readonly body: Buffer
  readonly type: string
  /** Its name holds its hash, so that it may be kept for ever. */
  readonly isImmutable: boolean
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
}

/**
 * The file of `folder` that a URL's path names; `/` is the page. Null when there is none, it is
 * outside of the folder, or of a type that the renderer has not. For both window hosts.
 */
export async function readStaticFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  const relative = decode(urlPath)
  if (relative === null) return null
  const file = path.resolve(folder, `.${relative === '/' ? '/index.html' : relative}`)
  const type = types[path.extname(file)]
  if (!file.startsWith(path.resolve(folder) + path.sep) || type === undefined) return null
  try {
    return { body: await readFile(file), type, isImmutable: relative.startsWith('/assets/') }
  } catch (error) {
    if (error instanceof Error && 'code' in error && isAbsence(error.code)) return null
    throw error
  }
}

function decode(urlPath: string): string | null {
  try {
    const text = decodeURIComponent(urlPath)
    return text.startsWith('/') && !/[\0\\]/.test(text) ? text : null
  } catch {
    return null // Not an encoding that any link of ours has.
  }
}

function isAbsence(code: unknown): boolean {
  return code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' || code === 'ENAMETOOLONG'
}
