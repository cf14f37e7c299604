import type { ServerChannel } from 'ssh2'
import { SftpError, readAt, sftpErrorOf, writeAt } from './files.ts'
import type { DiskAllowance } from './files.ts'
import { Handles } from './handles.ts'
import {
  PacketReader,
  PacketSplitter,
  PacketWriter,
  maximumPacketBytes,
  packetType,
  statusCode,
} from './packets.ts'
import { extensions, handlers } from './requests.ts'

/** Reads and writes under way at once; more wait in the channel. */
const maximumPending = 64
const dataHeaderBytes = 13

/**
 * One SFTP session on a raw channel. Names stay bytes, so that ones that are not UTF-8 survive.
 * Reads and writes run side by side, everything else alone, and all answers go out in the order of
 * the requests: OpenSSH's scp cuts a file short when they do not.
 */
export class SftpSession {
  readonly #channel: ServerChannel
  readonly #home: Buffer
  readonly #disk: DiskAllowance
  readonly #handles = new Handles()
  readonly #splitter = new PacketSplitter()
  /** When everything taken so far is answered. */
  #answered: Promise<unknown> = Promise.resolve()
  /** When the last request that is neither read nor write is done. */
  #settled: Promise<unknown> = Promise.resolve()
  #pending = 0

  constructor(channel: ServerChannel, home: string, disk: DiskAllowance) {
    this.#channel = channel
    this.#home = Buffer.from(home)
    this.#disk = disk
  }

  start(): void {
    this.#channel.on('data', (bytes: Buffer) => {
      try {
        this.#splitter.push(bytes, (packet) => this.#take(packet))
      } catch {
        // Not SFTP at all: there is nobody to answer.
        this.#channel.end()
      }
      this.#throttle()
    })
    this.#channel.on('drain', () => this.#throttle())
    this.#channel.on('error', () => this.#channel.end())
    this.#channel.once('end', () => {
      void this.#answered.finally(() => {
        this.#channel.exit(0)
        this.#channel.end()
      })
    })
    this.#channel.once('close', () => {
      void this.#answered.then(() => this.#handles.closeAll())
    })
  }

  #throttle(): void {
    if (this.#pending > maximumPending || this.#channel.writableNeedDrain) this.#channel.pause()
    else this.#channel.resume()
  }

  #take(packet: Buffer): void {
    const reader = new PacketReader(packet, 1)
    const type = packet[0] ?? 0
    if (type === packetType.init) return this.#greet()
    const id = reader.uint32()
    const answer = this.#answer(type, id, reader).catch((error: unknown) => failed(id, error))
    this.#pending += 1
    this.#answered = this.#sendAfter(this.#answered, answer)
  }

  async #sendAfter(earlier: Promise<unknown>, answer: Promise<Buffer>): Promise<void> {
    await earlier
    this.#send(await answer)
    this.#pending -= 1
    this.#throttle()
  }

  #greet(): void {
    const greeting = new PacketWriter(packetType.version).uint32(3)
    for (const [name, version] of extensions) greeting.string(name).string(version)
    this.#send(greeting.finish())
  }

  #answer(type: number, id: number, reader: PacketReader): Promise<Buffer> {
    // Reads and writes wait only for what changes handles; that in turn waits for all before it.
    if (type === packetType.read) return this.#settled.then(() => this.#read(id, reader))
    if (type === packetType.write) return this.#settled.then(() => this.#write(id, reader))
    const answer = this.#answered.then(async () => {
      const handler = handlers[type]
      if (handler === undefined) throw unsupported()
      const scope = { handles: this.#handles, resolve: (path: Buffer) => this.#resolve(path) }
      const reply = await handler(id, reader, scope)
      if (reply === 'ok') return status(id, statusCode.ok, 'Success')
      return reply === 'eof' ? status(id, statusCode.eof, 'End of file') : reply.finish()
    })
    // A failure is answered by the caller; what waits goes on.
    this.#settled = answer.catch(() => undefined)
    return answer
  }

  async #read(id: number, reader: PacketReader): Promise<Buffer> {
    const { file } = this.#handles.file(reader.string())
    const position = reader.uint64()
    const wanted = Math.min(reader.uint32(), maximumPacketBytes - 1024)
    const packet = Buffer.allocUnsafe(dataHeaderBytes + wanted)
    const bytes = await readAt(file.fd, packet, dataHeaderBytes, wanted, position)
    if (bytes === 0 && wanted > 0) return status(id, statusCode.eof, 'End of file')
    packet.writeUInt32BE(dataHeaderBytes - 4 + bytes, 0)
    packet.writeUInt8(packetType.data, 4)
    packet.writeUInt32BE(id, 5)
    packet.writeUInt32BE(bytes, 9)
    return packet.subarray(0, dataHeaderBytes + bytes)
  }

  async #write(id: number, reader: PacketReader): Promise<Buffer> {
    const { file } = this.#handles.file(reader.string())
    const position = reader.uint64()
    const bytes = reader.string()
    if (!this.#disk.take(bytes.length)) throw sftpErrorOf({ code: 'ENOSPC' })
    await writeAt(file.fd, bytes, position)
    return status(id, statusCode.ok, 'Success')
  }

  #resolve(path: Buffer): Buffer {
    if (path.includes(0)) throw new SftpError(statusCode.noSuchFile, 'No such file or directory')
    if (path[0] === 0x2f) return path
    return path.length === 0 ? this.#home : Buffer.concat([this.#home, Buffer.from('/'), path])
  }

  #send(packet: Buffer): void {
    if (this.#channel.writable) this.#channel.write(packet)
  }
}

const unsupported = (): SftpError => new SftpError(statusCode.unsupported, 'Operation unsupported')

function failed(id: number, thrown: unknown): Buffer {
  const error = sftpErrorOf(thrown)
  return status(id, error.status, error.message)
}

function status(id: number, code: number, message: string): Buffer {
  return new PacketWriter(packetType.status)
    .uint32(id)
    .uint32(code)
    .string(message)
    .string('')
    .finish()
}
