import type { ServerChannel } from 'ssh2'
import { SftpError, readAt, sftpErrorOf, writeAt } from './files.ts'
import type { DiskAllowance } from './files.ts'
import { Handles } from './handles.ts'
import type { OpenFile } from './handles.ts'
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
 * Reads and writes run side by side; everything else runs in the order in which it came.
 */
export class SftpSession {
  readonly #channel: ServerChannel
  readonly #home: Buffer
  readonly #disk: DiskAllowance
  readonly #handles = new Handles()
  readonly #splitter = new PacketSplitter()
  #inOrder: Promise<void> = Promise.resolve()
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
      void this.#inOrder.finally(() => {
        this.#channel.exit(0)
        this.#channel.end()
      })
    })
    this.#channel.once('close', () => {
      void this.#inOrder.then(() => this.#handles.closeAll())
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
    this.#pending += 1
    const answered =
      type === packetType.read || type === packetType.write
        ? this.#data(type, id, reader)
        : this.#queue(type, id, reader)
    void answered
      .catch((error: unknown) => this.#fail(id, error))
      .finally(() => {
        this.#pending -= 1
        this.#throttle()
      })
  }

  #greet(): void {
    const greeting = new PacketWriter(packetType.version).uint32(3)
    for (const [name, version] of extensions) greeting.string(name).string(version)
    this.#send(greeting.finish())
  }

  #queue(type: number, id: number, reader: PacketReader): Promise<void> {
    const answer = async (): Promise<void> => {
      const handler = handlers[type]
      if (handler === undefined)
        throw new SftpError(statusCode.unsupported, 'Operation unsupported')
      const reply = await handler(id, reader, {
        handles: this.#handles,
        resolve: (path) => this.#resolve(path),
      })
      if (reply === 'ok') this.#status(id, statusCode.ok, 'Success')
      else if (reply === 'eof') this.#status(id, statusCode.eof, 'End of file')
      else this.#send(reply.finish())
    }
    const answered = this.#inOrder.then(answer)
    // The answer to a failure is sent by the caller; the order goes on.
    this.#inOrder = answered.catch(() => undefined)
    return answered
  }

  async #data(type: number, id: number, reader: PacketReader): Promise<void> {
    const opened = this.#handles.file(reader.string())
    const position = reader.uint64()
    const work =
      type === packetType.read
        ? this.#read(id, opened, position, reader.uint32())
        : this.#write(id, opened, position, reader.string())
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    opened.pending.add(settled)
    void settled.then(() => opened.pending.delete(settled))
    await work
  }

  async #read(id: number, { file }: OpenFile, position: number, length: number): Promise<void> {
    const wanted = Math.min(length, maximumPacketBytes - 1024)
    const packet = Buffer.allocUnsafe(dataHeaderBytes + wanted)
    const bytes = await readAt(file.fd, packet, dataHeaderBytes, wanted, position)
    if (bytes === 0 && wanted > 0) return this.#status(id, statusCode.eof, 'End of file')
    packet.writeUInt32BE(dataHeaderBytes - 4 + bytes, 0)
    packet.writeUInt8(packetType.data, 4)
    packet.writeUInt32BE(id, 5)
    packet.writeUInt32BE(bytes, 9)
    this.#send(packet.subarray(0, dataHeaderBytes + bytes))
  }

  async #write(id: number, { file }: OpenFile, position: number, bytes: Buffer): Promise<void> {
    if (!this.#disk.take(bytes.length))
      throw new SftpError(statusCode.failure, 'No space left on device')
    await writeAt(file.fd, bytes, position)
    this.#status(id, statusCode.ok, 'Success')
  }

  #resolve(path: Buffer): Buffer {
    if (path.includes(0)) throw new SftpError(statusCode.noSuchFile, 'No such file or directory')
    if (path[0] === 0x2f) return path
    return path.length === 0 ? this.#home : Buffer.concat([this.#home, Buffer.from('/'), path])
  }

  #fail(id: number, thrown: unknown): void {
    const error = sftpErrorOf(thrown)
    this.#status(id, error.status, error.message)
  }

  #status(id: number, code: number, message: string): void {
    this.#send(
      new PacketWriter(packetType.status)
        .uint32(id)
        .uint32(code)
        .string(message)
        .string('')
        .finish(),
    )
  }

  #send(packet: Buffer): void {
    if (this.#channel.writable) this.#channel.write(packet)
  }
}
