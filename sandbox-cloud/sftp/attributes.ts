import type { Stats } from 'node:fs'
import type { PacketReader } from './packets.ts'

/** File attributes as a client sends them; absent ones are to stay. */
export interface WishedAttributes {
  readonly size?: number
  readonly owner?: { readonly uid: number; readonly gid: number }
  readonly mode?: number
  /** Whole seconds since the epoch. */
  readonly times?: { readonly accessed: number; readonly modified: number }
}

const flag = { size: 1, owner: 2, mode: 4, times: 8 } as const

/** Reads an ATTRS structure; extended attributes are skipped. */
export function readAttributes(reader: PacketReader): WishedAttributes {
  const flags = reader.uint32()
  return {
    ...((flags & flag.size) === 0 ? {} : { size: reader.uint64() }),
    ...((flags & flag.owner) === 0
      ? {}
      : { owner: { uid: reader.uint32(), gid: reader.uint32() } }),
    ...((flags & flag.mode) === 0 ? {} : { mode: reader.uint32() & 0o7777 }),
    ...((flags & flag.times) === 0
      ? {}
      : { times: { accessed: reader.uint32(), modified: reader.uint32() } }),
  }
}

/** The ATTRS structure of a file. */
export function attributesOf(stats: Stats): Buffer {
  const bytes = Buffer.allocUnsafe(32)
  bytes.writeUInt32BE(flag.size | flag.owner | flag.mode | flag.times, 0)
  bytes.writeBigUInt64BE(BigInt(stats.size), 4)
  bytes.writeUInt32BE(stats.uid >>> 0, 12)
  bytes.writeUInt32BE(stats.gid >>> 0, 16)
  bytes.writeUInt32BE(stats.mode >>> 0, 20)
  bytes.writeUInt32BE(seconds(stats.atimeMs), 24)
  bytes.writeUInt32BE(seconds(stats.mtimeMs), 28)
  return bytes
}

const seconds = (ms: number): number => Math.min(0xffff_ffff, Math.max(0, Math.floor(ms / 1000)))

const kinds: Readonly<Record<number, string>> = {
  0o140000: 's',
  0o120000: 'l',
  0o100000: '-',
  0o060000: 'b',
  0o040000: 'd',
  0o020000: 'c',
  0o010000: 'p',
}

/** The `ls -l` line that clients show. */
export function longName(name: Buffer, stats: Stats): Buffer {
  const rights = [6, 3, 0]
    .map((shift) => {
      const bits = (stats.mode >> shift) & 7
      return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${(bits & 1) === 0 ? '-' : 'x'}`
    })
    .join('')
  const kind = kinds[stats.mode & 0o170000] ?? '?'
  const when = stats.mtime.toUTCString().slice(5, 22)
  const line = `${kind}${rights} ${String(stats.nlink).padStart(4)} ${String(stats.uid).padEnd(8)} ${String(stats.gid).padEnd(8)} ${String(stats.size).padStart(8)} ${when} `
  return Buffer.concat([Buffer.from(line), name])
}
