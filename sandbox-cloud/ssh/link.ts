import { Duplex } from 'node:stream'
import type { Socket } from 'node:net'

/** How the network to one machine behaves. */
export interface LinkConditions {
  /**
   * `refuse` turns new connections away, `stall` swallows what flows, `portal` lets a network's
   * log-in page answer new connections in the machine's place, `open` is normal.
   */
  readonly mode: 'open' | 'refuse' | 'stall' | 'portal'
  /** Each direction is late by this much (physical time). */
  readonly delayMs: number
  /** Cuts every connection once this many more bytes have passed in both directions together. */
  readonly cutAfterBytes: number | null
  /** The `cutAfterBytes` that follow, each armed by the cut before it. */
  readonly thenCutAfterBytes: readonly number[]
}

export const openLink: LinkConditions = {
  mode: 'open',
  delayMs: 0,
  cutAfterBytes: null,
  thenCutAfterBytes: [],
}

/** What went over the network to one machine since it came up. */
export interface Traffic {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly connections: number
  /** How often the planted number of bytes had passed. */
  readonly cuts: number
}

/** The network of one machine: its connections, and the conditions they all share. */
export class Network {
  #conditions: LinkConditions = openLink
  readonly #links = new Set<Link>()
  #bytesOut = 0
  #traffic: Traffic = { bytesIn: 0, bytesOut: 0, connections: 0, cuts: 0 }

  get traffic(): Traffic {
    return this.#traffic
  }

  get conditions(): LinkConditions {
    return this.#conditions
  }

  /** Bytes that left the machine since the last call. */
  takeBytesOut(): number {
    const bytes = this.#bytesOut
    this.#bytesOut = 0
    return bytes
  }

  set(change: Partial<LinkConditions>): void {
    this.#conditions = { ...this.#conditions, ...change }
    for (const link of this.#links) link.conditionsChanged()
  }

  /** Cuts every open connection without a word. */
  dropAll(): void {
    for (const link of this.#links) link.cut()
  }

  connect(socket: Socket): Link {
    const link = new Link(socket, this)
    this.#links.add(link)
    this.#traffic = { ...this.#traffic, connections: this.#traffic.connections + 1 }
    socket.once('close', () => this.#links.delete(link))
    return link
  }

  /** Counts bytes that pass; returns false when the cut is due. */
  passed(bytes: number, out: boolean): boolean {
    if (out) this.#bytesOut += bytes
    const { bytesIn, bytesOut, cuts } = this.#traffic
    this.#traffic = out
      ? { ...this.#traffic, bytesOut: bytesOut + bytes }
      : { ...this.#traffic, bytesIn: bytesIn + bytes }
    const { cutAfterBytes, thenCutAfterBytes } = this.#conditions
    if (cutAfterBytes === null) return true
    const left = cutAfterBytes - bytes
    if (left > 0) {
      this.#conditions = { ...this.#conditions, cutAfterBytes: left }
      return true
    }
    const [next = null, ...then] = thenCutAfterBytes
    this.#conditions = { ...this.#conditions, cutAfterBytes: next, thenCutAfterBytes: then }
    this.#traffic = { ...this.#traffic, cuts: cuts + 1 }
    this.dropAll()
    return false
  }
}

/** One connection, between the socket and the SSH server. */
export class Link extends Duplex {
  readonly #socket: Socket
  readonly #network: Network
  #held: (() => void)[] = []

  constructor(socket: Socket, network: Network) {
    super({ highWaterMark: 1024 * 1024 })
    this.#socket = socket
    this.#network = network
    socket.setNoDelay(true)
    socket.on('data', (bytes: Buffer) => this.#later(() => this.#receive(bytes)))
    socket.once('end', () => this.#later(() => this.push(null)))
    socket.once('error', () => this.cut())
    socket.once('close', () => this.destroy())
  }

  // The SSH server reports the peer's address.
  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }
  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }
  get remoteFamily(): string | undefined {
    return this.#socket.remoteFamily
  }

  cut(): void {
    this.#held = []
    this.#socket.destroy()
    this.destroy()
  }

  conditionsChanged(): void {
    if (this.#network.conditions.mode === 'stall') return
    const held = this.#held
    this.#held = []
    for (const pass of held) pass()
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#later(() => {
      if (!this.#network.passed(bytes.length, true) || this.#socket.destroyed) done()
      else if (this.#socket.write(bytes)) done()
      else this.#socket.once('drain', done)
    })
  }

  override _final(done: () => void): void {
    this.#later(() => {
      this.#socket.end()
      done()
    })
  }

  #receive(bytes: Buffer): void {
    if (this.destroyed || !this.#network.passed(bytes.length, false)) return
    if (!this.push(bytes)) this.#socket.pause()
  }

  #later(pass: () => void): void {
    const { mode, delayMs } = this.#network.conditions
    if (mode === 'stall') this.#held.push(pass)
    else if (delayMs > 0) setTimeout(pass, delayMs)
    else pass()
  }
}
