import type { Duplex } from 'node:stream'

/** How long one connection may keep the process busy before others get a turn. */
const longestTurnMs = 15
/** More answers than this wait only where the peer asks and asks and does not read. */
const mostUnreadBytes = 64 * 2 ** 20

/** Counts what comes over one or more connections. */
export interface Heard {
  bytes: number
}

/**
 * Keeps a peer that floods a connection with small messages from holding up everything else, and
 * one that does not read our answers from filling the memory. To be called before anybody else
 * listens to the stream.
 */
export function readFairly(stream: Duplex, heard: Heard = { bytes: 0 }): void {
  let turnBeganMs: number | null = null
  let isSlow = false
  stream.on('data', (chunk: Buffer) => {
    heard.bytes += chunk.length
    if (stream.writableLength > mostUnreadBytes) {
      stream.destroy(new Error('it sends without reading the answers'))
      return
    }
    if (turnBeganMs === null) {
      turnBeganMs = performance.now()
      setImmediate(() => {
        isSlow = performance.now() - (turnBeganMs ?? 0) > longestTurnMs
        turnBeganMs = null
        stream.resume()
      })
    }
    if (isSlow || performance.now() - turnBeganMs > longestTurnMs) stream.pause()
  })
  // A listener starts a stream; the handshake shall.
  stream.pause()
}
