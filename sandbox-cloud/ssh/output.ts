import type { Readable, Writable } from 'node:stream'
import type { ServerChannel } from 'ssh2'

/** Private fields of ssh2's server channel in which it keeps what waits for the client's window. */
interface PendingChunks {
  _chunk: unknown
  _chunkcb: unknown
  _chunkErr: unknown
  _chunkcbErr: unknown
}

/**
 * Copies a command's two outputs into its channel with back-pressure, one write at a time.
 *
 * ssh2's server resumes only one of two blocked outputs, and repeats a finished chunk of the other
 * (it never forgets it). Writing strictly one after the other and clearing its memory in between
 * keeps both faults from ever showing.
 */
export class ChannelOutput {
  readonly #channel: ServerChannel
  readonly #closed: Promise<void>
  #last: Promise<void> = Promise.resolve()

  constructor(channel: ServerChannel) {
    this.#channel = channel
    this.#closed = new Promise((resolve) => {
      channel.once('close', () => resolve())
    })
  }

  /** Resolves when the source has ended and all of it is sent, or the channel is closed. */
  async copy(source: Readable, to: 'stdout' | 'stderr'): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      source.once('end', resolve)
      source.once('close', resolve)
      source.once('error', () => resolve())
    })
    source.on('data', (bytes: Buffer) => {
      source.pause()
      void this.#write(bytes, to).then(() => source.resume())
    })
    void this.#closed.then(() => source.destroy())
    await Promise.race([ended, this.#closed])
    await this.#last
  }

  #write(bytes: Buffer, to: 'stdout' | 'stderr'): Promise<void> {
    const target: Writable = to === 'stdout' ? this.#channel : this.#channel.stderr
    this.#last = this.#last.then(() => {
      if (!target.writable) return undefined
      Object.assign<ServerChannel, PendingChunks>(this.#channel, {
        _chunk: undefined,
        _chunkcb: undefined,
        _chunkErr: undefined,
        _chunkcbErr: undefined,
      })
      const sent = new Promise<void>((resolve) => {
        target.write(bytes, () => resolve())
      })
      return Promise.race([sent, this.#closed])
    })
    return this.#last
  }
}
