import { createHash } from 'node:crypto'
import { tarHeader } from '../../../main/transfer/tar-write.ts'
import type { PathBytes } from '../../../main/transfer/path-bytes.ts'

/** Something that a lying machine claims to have. Names are bytes, one character each. */
export interface VirtualEntry {
  readonly path: string
  /** Type and permissions as stat prints them; a plain file by default. */
  readonly mode?: string
  readonly content?: string | Buffer
  /** What the listing says instead of the content's length. */
  readonly size?: string
  readonly mtime?: string
  /** For links. */
  readonly target?: string
}

export function bytesOf(entry: VirtualEntry): Buffer {
  return Buffer.from(entry.content ?? '')
}

function statLine(entry: VirtualEntry): string {
  const mode = entry.mode ?? (entry.target === undefined ? '81a4' : 'a1ff')
  const size = entry.size ?? String(bytesOf(entry).length)
  return `${mode} ${size} ${entry.mtime ?? '1700000000'} 1700000000 ./${entry.path}//\n`
}

/** What the listing command answers behind its pong. */
export function listingOf(entries: readonly VirtualEntry[]): Buffer {
  const links = entries.flatMap(({ path, target }) =>
    target === undefined ? [] : [`./${path}//${target}\n\0`],
  )
  const text = `listing 1800000000 1000000000 0 0 ok\n${entries.map(statLine).join('')}\0${links.join('')}end`
  return Buffer.from(text, 'latin1')
}

/** The same machine asked once more, by name. */
export function statsOf(entries: readonly VirtualEntry[], asked: readonly string[]): Buffer {
  const names = new Set(asked)
  const lines = entries.filter(({ path }) => names.has(path)).map(statLine)
  return Buffer.from(lines.join(''), 'latin1')
}

/** Lines of `sha256sum`, for each name that was asked for. */
export function hashesOf(entries: readonly VirtualEntry[], asked: readonly string[]): Buffer {
  const known = new Map(entries.map((entry) => [entry.path, entry]))
  const lines = asked.flatMap((path) => {
    const entry = known.get(path)
    if (entry === undefined) return []
    return [`${createHash('sha256').update(bytesOf(entry)).digest('hex')} *./${path}\n`]
  })
  return Buffer.from(lines.join(''), 'latin1')
}

/** One member of a tar stream with its content, padded. `claimed` overrides the size in the header. */
export function memberOf(entry: VirtualEntry, claimed?: number): Buffer {
  const content = bytesOf(entry)
  const header = tarHeader({
    path: entry.path as PathBytes,
    kind: entry.target === undefined ? 'file' : 'symlink',
    mode: 0o644,
    mtimeMs: 0,
    size: claimed ?? content.length,
    ...(entry.target === undefined ? {} : { target: entry.target as PathBytes }),
  })
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([header, content, padding])
}

export const tarEnd = Buffer.alloc(1024)

export function tarOf(entries: readonly VirtualEntry[]): Buffer {
  return Buffer.concat([...entries.map((entry) => memberOf(entry)), tarEnd])
}

/** A header block with any type flag (`x` pax, `L` long name, `1` hard link) and its body. */
export function rawMember(
  type: string,
  name: string,
  body: Buffer,
  more: { readonly size?: number; readonly target?: string } = {},
): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100, 'latin1')
  block.write('0000644\0', 100, 'latin1')
  block.write('0000000\0', 108, 'latin1')
  block.write('0000000\0', 116, 'latin1')
  block.write(`${(more.size ?? body.length).toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  block.write('00000000000\0', 136, 'latin1')
  block.write('        ', 148, 'latin1')
  block.write(type, 156, 'latin1')
  block.write(more.target ?? '', 157, 100, 'latin1')
  block.write('ustar\u000000', 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  const padding = Buffer.alloc((512 - (body.length % 512)) % 512)
  return Buffer.concat([block, body, padding])
}

/** The body of a pax header: `length key=value\n` records. */
export function paxBody(fields: Readonly<Record<string, string>>): Buffer {
  const records = Object.entries(fields).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    let length = rest.length + 1
    while (String(length).length + rest.length !== length) length += 1
    return `${length}${rest}`
  })
  return Buffer.from(records.join(''), 'latin1')
}
