import {
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  opendir,
  readlink,
  rename,
  rmdir,
  stat,
  statfs,
  symlink,
  unlink,
} from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { attributesOf, longName, readAttributes } from './attributes.ts'
import {
  SftpError,
  canonical,
  isFolder,
  openFlags,
  openForAttributes,
  renameNew,
  setAttributes,
} from './files.ts'
import { maximumHandles } from './handles.ts'
import type { Handles } from './handles.ts'
import { PacketWriter, maximumPacketBytes, packetType, statusCode } from './packets.ts'
import type { PacketReader } from './packets.ts'

/** What a request can reach. */
export interface RequestScope {
  readonly handles: Handles
  /** Makes a client's path absolute: relative ones start at home. */
  readonly resolve: (path: Buffer) => Buffer
}

type Reply = PacketWriter | 'ok' | 'eof'
type Handler = (id: number, reader: PacketReader, scope: RequestScope) => Promise<Reply>

const reply = (type: number, id: number): PacketWriter => new PacketWriter(type).uint32(id)
const dataBytes = maximumPacketBytes - 1024

/** The extensions that the server names in its greeting. */
export const extensions: readonly (readonly [string, string])[] = [
  ['posix-rename@openssh.com', '1'],
  ['statvfs@openssh.com', '2'],
  ['hardlink@openssh.com', '1'],
  ['fsync@openssh.com', '1'],
  ['lsetstat@openssh.com', '1'],
  ['limits@openssh.com', '1'],
  ['expand-path@openssh.com', '1'],
]

/** One handler for every request except READ and WRITE, which the session runs side by side. */
export const handlers: Readonly<Record<number, Handler>> = {
  [packetType.open]: async (id, reader, { handles, resolve }) => {
    const path = resolve(reader.string())
    const flags = openFlags(reader.uint32())
    const { mode } = readAttributes(reader)
    if (handles.full) throw new SftpError(statusCode.failure, 'Too many open files')
    const file = await open(path, flags, mode ?? 0o666)
    return reply(packetType.handle, id).string(handles.add({ kind: 'file', file }))
  },
  [packetType.close]: async (_id, reader, { handles }) => {
    await handles.close(reader.string())
    return 'ok'
  },
  [packetType.stat]: async (id, reader, { resolve }) =>
    reply(packetType.attrs, id).raw(attributesOf(await stat(resolve(reader.string())))),
  [packetType.lstat]: async (id, reader, { resolve }) =>
    reply(packetType.attrs, id).raw(attributesOf(await lstat(resolve(reader.string())))),
  [packetType.fstat]: async (id, reader, { handles }) => {
    const { file } = handles.file(reader.string())
    return reply(packetType.attrs, id).raw(attributesOf(await file.stat()))
  },
  [packetType.setstat]: async (_id, reader, { resolve }) => {
    const path = resolve(reader.string())
    const wished = readAttributes(reader)
    const file = await openForAttributes(path, wished)
    try {
      await setAttributes(file, wished)
    } finally {
      await file.close()
    }
    return 'ok'
  },
  [packetType.fsetstat]: async (_id, reader, { handles }) => {
    const { file } = handles.file(reader.string())
    await setAttributes(file, readAttributes(reader))
    return 'ok'
  },
  [packetType.opendir]: async (id, reader, { handles, resolve }) => {
    const path = resolve(reader.string())
    if (!(await isFolder(path))) throw new SftpError(statusCode.failure, 'Not a directory')
    const folder = await opendir(path, { encoding: 'buffer' as BufferEncoding })
    const entries: Dirent<Buffer>[] = []
    for await (const entry of folder) entries.push(entry as unknown as Dirent<Buffer>)
    return reply(packetType.handle, id).string(handles.add({ kind: 'folder', path, entries }))
  },
  [packetType.readdir]: async (id, reader, { handles }) => {
    const folder = handles.folder(reader.string())
    const names: { name: Buffer; long: Buffer; attributes: Buffer }[] = []
    while (names.length === 0 && folder.entries.length > 0) {
      const batch = folder.entries.slice(0, 100)
      folder.entries = folder.entries.slice(100)
      for (const { name } of batch) {
        const path = Buffer.concat([folder.path, Buffer.from('/'), name])
        const stats = await lstat(path).catch(() => null)
        // Deleted since the folder was opened: then it is not listed.
        if (stats !== null)
          names.push({ name, long: longName(name, stats), attributes: attributesOf(stats) })
      }
    }
    if (names.length === 0) return 'eof'
    const answer = reply(packetType.name, id).uint32(names.length)
    for (const { name, long, attributes } of names) answer.string(name).string(long).raw(attributes)
    return answer
  },
  [packetType.remove]: async (_id, reader, { resolve }) => {
    await unlink(resolve(reader.string()))
    return 'ok'
  },
  [packetType.mkdir]: async (_id, reader, { resolve }) => {
    const path = resolve(reader.string())
    await mkdir(path, { mode: readAttributes(reader).mode ?? 0o777 })
    return 'ok'
  },
  [packetType.rmdir]: async (_id, reader, { resolve }) => {
    await rmdir(resolve(reader.string()))
    return 'ok'
  },
  [packetType.realpath]: async (id, reader, { resolve }) =>
    oneName(id, await canonical(resolve(reader.string()))),
  [packetType.rename]: async (_id, reader, { resolve }) => {
    await renameNew(resolve(reader.string()), resolve(reader.string()))
    return 'ok'
  },
  [packetType.readlink]: async (id, reader, { resolve }) =>
    oneName(id, await readlink(resolve(reader.string()), { encoding: 'buffer' })),
  [packetType.symlink]: async (_id, reader, { resolve }) => {
    // OpenSSH's order, against the draft: the target comes first and is stored as it is.
    await symlink(reader.string(), resolve(reader.string()))
    return 'ok'
  },
  [packetType.extended]: (id, reader, scope) => extendedRequest(id, reader, scope),
}

function oneName(id: number, path: Buffer): PacketWriter {
  return reply(packetType.name, id).uint32(1).string(path).string(path).uint32(0)
}

async function extendedRequest(
  id: number,
  reader: PacketReader,
  { handles, resolve }: RequestScope,
): Promise<Reply> {
  switch (reader.string().toString()) {
    case 'posix-rename@openssh.com':
      await rename(resolve(reader.string()), resolve(reader.string()))
      return 'ok'
    case 'hardlink@openssh.com':
      await link(resolve(reader.string()), resolve(reader.string()))
      return 'ok'
    case 'fsync@openssh.com': {
      const { file } = handles.file(reader.string())
      await file.sync()
      return 'ok'
    }
    case 'lsetstat@openssh.com': {
      const path = resolve(reader.string())
      const { times } = readAttributes(reader)
      if (times !== undefined) await lutimes(path, times.accessed, times.modified)
      return 'ok'
    }
    case 'limits@openssh.com':
      return reply(packetType.extendedReply, id)
        .uint64(maximumPacketBytes)
        .uint64(dataBytes)
        .uint64(dataBytes)
        .uint64(maximumHandles)
    case 'expand-path@openssh.com': {
      const path = reader
        .string()
        .toString('latin1')
        .replace(/^~(\/|$)/, './')
      return oneName(id, await canonical(resolve(Buffer.from(path, 'latin1'))))
    }
    case 'statvfs@openssh.com': {
      const disk = await statfs(resolve(reader.string()))
      const figures = [
        disk.bsize,
        disk.bsize,
        disk.blocks,
        disk.bfree,
        disk.bavail,
        disk.files,
        disk.ffree,
        disk.ffree,
        0,
        0,
        255,
      ]
      return figures.reduce(
        (answer, figure) => answer.uint64(figure),
        reply(packetType.extendedReply, id),
      )
    }
    default:
      throw new SftpError(statusCode.unsupported, 'Operation unsupported')
  }
}
