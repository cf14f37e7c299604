/** Packet types of SFTP version 3. */
export const packetType = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const

/** Status codes of SFTP version 3. */
export const statusCode = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const

/** The largest packet either side may send; as OpenSSH. */
export const maximumPacketBytes = 256 * 1024

/** Reads the fields of one packet in order; throws a RangeError past its end. */
export class PacketReader {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#at)
    this.#at += 1
    return value
  }

  uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at)
    this.#at += 4
    return value
  }

  uint64(): number {
    const value = Number(this.#bytes.readBigUInt64BE(this.#at))
    this.#at += 8
    return value
  }

  /** A view of the packet, not a copy. */
  string(): Buffer {
    const length = this.uint32()
    if (length > this.left) throw new RangeError('A string runs past the end of its packet.')
    const value = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return value
  }
}

/** Collects the fields of one packet; `finish` puts the length in front. */
export class PacketWriter {
  readonly #parts: Buffer[] = []

  constructor(type: number) {
    this.byte(type)
  }

  byte(value: number): this {
    this.#parts.push(Buffer.from([value]))
    return this
  }

  uint32(value: number): this {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(value >>> 0)
    this.#parts.push(bytes)
    return this
  }

  uint64(value: number | bigint): this {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigUInt64BE(BigInt(value))
    this.#parts.push(bytes)
    return this
  }

  string(value: string | Buffer): this {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value
    this.uint32(bytes.length)
    this.#parts.push(bytes)
    return this
  }

  raw(bytes: Buffer): this {
    this.#parts.push(bytes)
    return this
  }

  finish(): Buffer {
    const body = Buffer.concat(this.#parts)
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(body.length)
    return Buffer.concat([length, body])
  }
}

/** Cuts a byte stream into packets without their length; throws on one that is too long. */
export class PacketSplitter {
  readonly #head = Buffer.alloc(4)
  #headBytes = 0
  #packet: Buffer | null = null
  #packetBytes = 0

  push(bytes: Buffer, deliver: (packet: Buffer) => void): void {
    let at = 0
    while (at < bytes.length) {
      if (this.#packet === null) {
        const taken = bytes.copy(this.#head, this.#headBytes, at, at + 4 - this.#headBytes)
        this.#headBytes += taken
        at += taken
        if (this.#headBytes < 4) return
        const length = this.#head.readUInt32BE()
        if (length === 0 || length > maximumPacketBytes)
          throw new RangeError(`A packet of ${length} bytes is not allowed.`)
        this.#packet = Buffer.allocUnsafe(length)
        this.#packetBytes = 0
        this.#headBytes = 0
      }
      const packet = this.#packet
      const taken = bytes.copy(packet, this.#packetBytes, at)
      this.#packetBytes += taken
      at += taken
      if (this.#packetBytes === packet.length) {
        this.#packet = null
        deliver(packet)
      }
    }
  }
}
