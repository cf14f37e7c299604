import type { Socket } from 'node:net'
import { drip, endless, push } from './said.ts'

/** An SSH packet before any keys: length, padding, payload. */
function packet(payload: Buffer): Buffer {
  const padding = 8 - ((payload.length + 5) % 8) + 8
  const head = Buffer.alloc(5)
  head.writeUInt32BE(payload.length + padding + 1)
  head.writeUInt8(padding, 4)
  return Buffer.concat([head, payload, Buffer.alloc(padding)])
}

const field = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const esc = '\u001b]0;evil\u0007\u001b[2J\u202e'
const ident = Buffer.from('SSH-2.0-liar\r\n')
/** SSH_MSG_DISCONNECT with a message of the machine's own. */
const goodbye = packet(
  Buffer.concat([Buffer.from([1, 0, 0, 0, 2]), field(`${esc}\nline`), field('')]),
)

/** SSH_MSG_KEXINIT with these ten lists. */
function kexInit(list: string): Buffer {
  const lists = Array.from({ length: 10 }, () => field(list))
  return packet(Buffer.concat([Buffer.from([20]), Buffer.alloc(16), ...lists, Buffer.alloc(5)]))
}

/** What a server does that is none, or breaks the protocol before anybody has logged in. */
export const rawTricks: Readonly<Record<string, (socket: Socket) => void>> = {
  'raw-silence': () => undefined,
  'raw-hangs-up': (socket) => void socket.end(),
  'raw-resets': (socket) => void socket.resetAndDestroy(),
  'raw-http': (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'raw-tls': (socket) => void socket.write(Buffer.from('15030100020246', 'hex')),
  'raw-ssh1': (socket) => void socket.write('SSH-1.5-old\r\n'),
  'raw-ident-drips': (socket) => void push(socket, drip(ident, 400)),
  'raw-lines-without-end': (socket) =>
    void push(socket, endless(Buffer.from('hello\r\n'.repeat(999)))),
  'raw-line-without-end': (socket) => void push(socket, endless(Buffer.alloc(65_536, 'x'))),
  'raw-ident-in-colour': (socket) => void socket.write(`SSH-2.0-${esc}\r\n`),
  'raw-garbage': (socket) => {
    socket.write(ident)
    void push(socket, endless(Buffer.alloc(65_536, 0xfe)))
  },
  'raw-huge-packet': (socket) => {
    socket.write(ident)
    socket.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]))
    void push(socket, endless(Buffer.alloc(65_536)))
  },
  'raw-empty-packets': (socket) => {
    socket.write(ident)
    void push(socket, endless(Buffer.alloc(65_536)))
  },
  'raw-goodbye-in-colour': (socket) => {
    socket.write(ident)
    socket.write(goodbye)
  },
  'raw-no-common-algorithm': (socket) => {
    socket.write(ident)
    socket.write(kexInit(`${esc},none`))
  },
  'raw-kexinit-without-end': (socket) => {
    socket.write(ident)
    void push(socket, endless(kexInit('curve25519-sha256,ssh-ed25519,aes128-ctr,none')))
  },
  'raw-messages-before-keys': (socket) => {
    socket.write(ident)
    for (let type = 2; type < 101; type += 1) socket.write(packet(Buffer.from([type, 0, 0, 0, 0])))
  },
  'raw-debug-without-end': (socket) => {
    socket.write(ident)
    const debug = packet(Buffer.concat([Buffer.from([4, 1]), field(esc.repeat(99)), field('')]))
    void push(socket, endless(debug))
  },
}
