// A machine that lies: its own process, so that what it burns is not counted as the engine's.
// Who logs in as a trick's name meets that trick. Prints one line of JSON and serves until its
// standard input ends.
import { createServer, type AddressInfo } from 'node:net'
import ssh2, { type Connection, type ServerChannel, type Session } from 'ssh2'
import { generateKeyPair } from '../../../main/machine/ssh/keys.ts'
import { serveFiles } from './lying-files.ts'
import { rawTricks } from './raw-tricks.ts'
import { kindOf, namesIn, push } from './said.ts'
import { tricks } from './tricks.ts'
import type { Trick } from './trick.ts'
import { hashesOf, listingOf, statsOf, tarOf } from './virtual-tree.ts'

const honest: Trick = { entries: [] }

function inputOf(channel: ServerChannel): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    channel.on('data', (chunk: Buffer) => chunks.push(chunk))
    channel.on('end', () => resolve(Buffer.concat(chunks)))
  })
}

function finish(channel: ServerChannel, code = 0): void {
  channel.exit(code)
  channel.end()
}

/** What an honest machine with the trick's files would say. */
async function answer(channel: ServerChannel, command: string, trick: Trick): Promise<void> {
  const kind = kindOf(command)
  if (trick.answer?.({ kind, command, channel, finish: (code) => finish(channel, code) }) === true)
    return
  const entries = trick.entries ?? []
  switch (kind) {
    case 'home':
      channel.write('\nsublet-home=/home/liar\nsublet-shell=/bin/sh\n')
      channel.resume()
      return finish(channel)
    case 'list':
      channel.write('sublet-ping\n')
      channel.once('data', () => {
        channel.write('sublet-pong\n')
        void push(channel, trick.listing ?? listingOf(entries)).then(() => finish(channel))
      })
      return
    case 'stat': {
      const asked = namesIn(await inputOf(channel))
      await push(channel, trick.stats?.(asked) ?? statsOf(entries, asked))
      return finish(channel)
    }
    case 'hash': {
      const asked = namesIn(await inputOf(channel))
      await push(channel, trick.hashes?.(asked) ?? hashesOf(entries, asked))
      return finish(channel)
    }
    case 'tar': {
      const asked = new Set(namesIn(await inputOf(channel)))
      await push(channel, trick.tar?.() ?? tarOf(entries.filter(({ path }) => asked.has(path))))
      return finish(channel)
    }
    case 'lease':
    case 'log':
    case 'metrics':
    case 'other':
    case 'probe':
    case 'status':
      await inputOf(channel)
      return finish(channel)
  }
}

function serve(connection: Connection): void {
  let trick = honest
  connection.on('error', () => connection.end())
  connection.on('authentication', (context) => {
    trick = tricks[context.username] ?? honest
    if (trick.login === undefined) context.accept()
    else trick.login(context, connection)
  })
  connection.on('ready', () => trick.connected?.(connection))
  connection.on('tcpip', (accept, reject) => (trick.forward ?? reject)(accept))
  connection.on('session', (accept: () => Session) => {
    const session = accept()
    session.on('exec', (take, _reject, { command }) => {
      const channel = take()
      channel.on('error', () => undefined)
      channel.stderr.on('error', () => undefined)
      void answer(channel, command, trick)
    })
    session.on('sftp', (take) => serveFiles(take(), trick))
    session.on('signal', (take: (() => void) | undefined) => take?.())
  })
}

const hostKey = generateKeyPair('liar').privateKey
const other = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private
const server = new ssh2.Server({ hostKeys: [hostKey, other], ident: 'liar' }, serve)
server.on('error', () => undefined)
const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket))
listener.listen(0, '127.0.0.1', () => void announce())

async function announce(): Promise<void> {
  const ports: Record<string, number> = {}
  for (const [name, talk] of Object.entries(rawTricks)) {
    const raw = createServer((socket) => {
      socket.on('error', () => undefined)
      talk(socket)
    })
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve))
    ports[name] = (raw.address() as AddressInfo).port
  }
  console.log(JSON.stringify({ port: (listener.address() as AddressInfo).port, raw: ports }))
}
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
process.on('uncaughtException', (error) => console.error(`liar: ${error.message}`))
