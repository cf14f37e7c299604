import { nasty, nastyString } from '../nasty.ts'
import { nastyFrame } from '../nasty-frame.ts'
import type { Random } from '../random.ts'

const opcodes = { rest: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

interface FrameOptions {
  readonly fin?: boolean
  readonly masked?: boolean
  readonly rsv?: number
  /** Another length than the payload has. */
  readonly claims?: bigint
}

/** One frame of RFC 6455, right or wrong, as a client sends it. */
function frameBytes(opcode: number, payload: Buffer, options: FrameOptions = {}): Buffer {
  const { fin = true, masked = true, rsv = 0, claims } = options
  const length = claims ?? BigInt(payload.length)
  const head = Buffer.alloc(length < 126n ? 2 : length < 65_536n ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  head[1] =
    (masked ? 0x80 : 0) | (head.length === 2 ? Number(length) : head.length === 4 ? 126 : 127)
  if (head.length === 4) head.writeUInt16BE(Number(length), 2)
  if (head.length === 10) head.writeBigUInt64BE(length, 2)
  if (!masked) return Buffer.concat([head, payload])
  const key = Buffer.from([0x12, 0x34, 0x56, 0x78])
  const body = Buffer.from(payload.map((byte, index) => byte ^ (key[index % 4] ?? 0)))
  return Buffer.concat([head, key, body])
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? '')

/** A message in pieces, with pings in between, as a browser may send it. */
function inPieces(payload: Buffer, random: Random): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0, first = true; at < payload.length || first; first = false) {
    const end = at + 1 + random.below(Math.max(1, payload.length - at))
    const fin = end >= payload.length
    pieces.push(frameBytes(first ? opcodes.text : opcodes.rest, payload.subarray(at, end), { fin }))
    if (random.chance(0.3)) pieces.push(frameBytes(opcodes.ping, Buffer.from('?')))
    at = end
    if (pieces.length > 40) return Buffer.concat(pieces)
  }
  return Buffer.concat(pieces)
}

/** Bytes that are no UTF-8: lone, overlong, a half of a pair, beyond the last character, cut off. */
const notUtf8 = ['ff', 'c0af', 'eda080', 'f4908080', 'e282', '22ff22', '80'] as const

const hugeClaims = [2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 40n, 17n * 2n ** 20n]

/** What a peer sends after its upgrade: messages of any content, and frames as they must not be. */
export function webSocketBytes(random: Random): Buffer {
  const some = Buffer.from(nastyString(random))
  switch (random.below(15)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return frameBytes(opcodes.text, json(nastyFrame(random)))
    case 4:
    case 5:
      return inPieces(json(nastyFrame(random)), random)
    case 6:
      return frameBytes(opcodes.binary, json(nastyFrame(random)))
    case 7: {
      const wrong = random.chance(0.5) ? Buffer.from(random.pick(notUtf8), 'hex') : some
      return frameBytes(opcodes.text, wrong)
    }
    case 8:
      return frameBytes(opcodes.text, some, { claims: random.pick(hugeClaims) })
    case 9:
      return frameBytes(random.pick([3, 7, 11, 15]), some)
    case 10:
      return frameBytes(opcodes.text, some, { rsv: 1 + random.below(7) })
    case 11:
      return frameBytes(opcodes.text, json(nasty(random)), { masked: false })
    case 12: {
      const control = random.pick([opcodes.close, opcodes.ping, opcodes.pong])
      const long = Buffer.alloc(random.pick([0, 1, 125, 126, 1_000]), random.below(256))
      return frameBytes(control, long, { fin: random.chance(0.7) })
    }
    case 13: {
      const code = Buffer.alloc(2)
      code.writeUInt16BE(random.pick([0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 5000, 65_535]))
      return frameBytes(opcodes.close, Buffer.concat([code, some.subarray(0, 100)]))
    }
    default:
      // The rest of nothing, or a new message in the middle of another.
      return Buffer.concat([
        frameBytes(random.pick([opcodes.rest, opcodes.text]), some, { fin: false }),
        frameBytes(opcodes.text, json(nastyFrame(random))),
      ])
  }
}

/** A message over the limit of one frame, whole: the longest that is still read is 16 MiB. */
export function oversized(): Buffer {
  return frameBytes(opcodes.text, Buffer.alloc(16 * 2 ** 20 + 1, 0x20))
}

/** A message as it should be. */
export function messageBytes(frame: object): Buffer {
  return frameBytes(opcodes.text, json(frame))
}

/** Bytes that may be the beginning of a frame, which then waits for its rest. */
export function anyBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)))
}

/** The messages, and the reasons of a close, within what a server has sent. */
export function readServerBytes(bytes: Buffer): {
  readonly texts: readonly string[]
  readonly reasons: readonly string[]
} {
  const [texts, reasons]: [string[], string[]] = [[], []]
  for (let at = 0; at + 2 <= bytes.length;) {
    const opcode = (bytes[at] ?? 0) & 0x0f
    const short = bytes[at + 1] ?? 0
    const start = at + (short === 127 ? 10 : short === 126 ? 4 : 2)
    if (start > bytes.length) break
    const length =
      short === 127
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : short
    const payload = bytes.subarray(start, start + length)
    // Cut off by the end of the connection.
    if (payload.length < length) break
    if (opcode === opcodes.text) texts.push(payload.toString())
    if (opcode === opcodes.close) reasons.push(payload.subarray(2).toString())
    at = start + length
  }
  return { texts, reasons }
}
