import { pathFromBuffer, ROOT, type PathBytes } from './path-bytes.ts'

export interface RemoteEntry {
  readonly path: PathBytes
  readonly kind: 'file' | 'dir' | 'symlink' | 'other'
  readonly mode: number
  readonly size: number
  readonly mtimeS: number
  readonly ctimeS: number
  /** For links. */
  readonly target?: PathBytes
}

// A path from find never holds "//", so "//\n" ends a record whatever bytes the name has.
const RECORD_END = Buffer.from('//\n')

/** The path as find prints it, without `./`. */
export function stripDot(name: Buffer): PathBytes {
  return name.length <= 2 ? ROOT : pathFromBuffer(name.subarray(2))
}

function kindOf(rawMode: number): RemoteEntry['kind'] {
  switch (rawMode & 0o170000) {
    case 0o100000:
      return 'file'
    case 0o040000:
      return 'dir'
    case 0o120000:
      return 'symlink'
    default:
      return 'other'
  }
}

/** A size that this computer can hold exactly; anything else is no answer. */
export const isCount = (text: string): boolean =>
  /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
const SECONDS = /^-?\d{1,15}$/

/** Null in `entry` where the figures make no sense. */
function parseStat(record: Buffer): {
  readonly path: PathBytes
  readonly entry: RemoteEntry | null
} {
  let nameStart = 0
  for (let field = 0; field < 4; field += 1) nameStart = record.indexOf(0x20, nameStart) + 1
  const fields = record.subarray(0, nameStart).toString('latin1').split(' ')
  const [mode = '', size = '', mtime = '', ctime = ''] = fields
  const path = stripDot(record.subarray(nameStart))
  const sensible =
    /^[0-9a-f]{1,8}$/.test(mode) && isCount(size) && SECONDS.test(mtime) && SECONDS.test(ctime)
  if (!sensible) return { path, entry: null }
  const rawMode = Number.parseInt(mode, 16)
  return {
    path,
    entry: {
      path,
      kind: kindOf(rawMode),
      mode: rawMode & 0o7777,
      size: Number(size),
      mtimeS: Number(mtime),
      ctimeS: Number(ctime),
    },
  }
}

/** Splits stat records as `listCommand` and `statRemote` have them printed, one at a time. */
export function* statRecords(bytes: Buffer): Generator<ReturnType<typeof parseStat>> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(RECORD_END, start)
    if (end < 0) return
    yield parseStat(bytes.subarray(start, end))
    start = end + RECORD_END.length
  }
}

/** What stat printed about files that were asked for; what makes no sense is left out. */
export function parseStats(bytes: Buffer): RemoteEntry[] {
  return [...statRecords(bytes)].flatMap(({ entry }) => entry ?? [])
}
