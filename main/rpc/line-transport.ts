import type { Duplex } from 'node:stream'
import { LineSplitter } from './line-splitter.ts'
import { Closing, Inbox } from './client/transport.ts'
import { encodeMessage, maxFrameBytes } from './encode-message.ts'
import type { Transport } from './client/transport.ts'

/** A peer that does not read may make us hold this much before it is cut off. */
const maxUnsentBytes = 4 * maxFrameBytes
const flushMs = 1_000

/** Messages as lines of JSON over a socket. Anything else on the line closes it with a reason. */
export function lineTransport(socket: Duplex): Transport {
  const closing = new Closing()
  let draining: Promise<void> | null = null
  const splitter = new LineSplitter(maxFrameBytes)

  const close = (reason: string) => {
    if (!closing.close(reason)) return
    socket.end()
    // The last frames may still be on their way; a peer that does not take them is not waited for.
    setTimeout(() => socket.destroy(), flushMs).unref()
  }
  const inbox = new Inbox(() => close('too many messages that nobody read'))

  socket.on('data', (chunk: Buffer) => {
    if (closing.closed) return
    const problem = splitter.push(chunk, (line) => {
      if (closing.closed) return
      const message = parse(line)
      if (message === notJson) close('the peer sent something that is not JSON')
      else inbox.push(message)
    })
    if (problem !== null) close(problem)
    else if (inbox.isFull) socket.pause()
  })
  socket.on('error', (error) => close(`the connection broke: ${error.message}`))
  socket.on('end', () => close('the peer closed the connection'))
  socket.on('close', () => close('the connection closed'))

  return {
    send: (message) => {
      const text = encodeMessage(message)
      if (closing.closed) return
      socket.write(`${text}\n`)
      if (socket.writableLength > maxUnsentBytes) close('the peer does not read')
    },
    drained: () => {
      if (closing.closed || !socket.writableNeedDrain) return Promise.resolve()
      // One wait for everybody, so that many streams do not pile up listeners.
      draining ??= nextDrain(socket).finally(() => {
        draining = null
      })
      return draining
    },
    receive: (listener) => {
      inbox.receive(listener)
      if (!inbox.isFull && socket.isPaused()) socket.resume()
    },
    onClose: (listener) => closing.onClose(listener),
    close,
  }
}

function nextDrain(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}

const notJson = Symbol('not JSON')

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
  } catch {
    return notJson // Whatever is wrong with it, the answer is the same: the connection closes.
  }
}
