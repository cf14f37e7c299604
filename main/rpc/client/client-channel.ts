import { fromWireError, SubletError } from '../../domain/errors.ts'
import { ClientStream } from './client-stream.ts'
import { serverFrameSchema } from './frames.ts'
import type { ClientFrame, Hello, ServerFrame } from './frames.ts'
import type { Transport } from './transport.ts'

interface Pending {
  readonly take: (frame: ServerFrame) => void
  readonly fail: (error: SubletError) => void
}

const helloWithinMs = 10_000

/** The client's end of one connection: numbers requests and brings the answers to them. */
export class ClientChannel {
  readonly closed: Promise<string>
  readonly #transport: Transport
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #onHello: ((hello: Hello) => void) | null = null
  #lost: SubletError | null = null

  constructor(transport: Transport) {
    this.#transport = transport
    this.closed = new Promise((resolve) => {
      transport.onClose((reason) => {
        this.#lose(reason)
        resolve(reason)
      })
    })
  }

  greet(hello: Hello, signal?: AbortSignal): Promise<Hello> {
    const deadline = AbortSignal.timeout(helloWithinMs)
    const stop = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#transport.close('the client gave up')
        reject(
          signal?.aborted === true
            ? cancelled()
            : new SubletError('unreachable', 'The engine did not answer; try again.'),
        )
      }
      const settle = () => {
        stop.removeEventListener('abort', abort)
        this.#onHello = null
      }
      stop.addEventListener('abort', abort)
      if (stop.aborted) abort()
      this.#onHello = (answer) => {
        settle()
        resolve(answer)
      }
      this.#pending.set(0, {
        take: () => undefined,
        fail: (error) => {
          settle()
          reject(error)
        },
      })
      this.#transport.receive((message) => this.#take(message))
      if (this.#lost === null) this.#transport.send({ t: 'hello', ...hello })
      else reject(this.#lost)
    })
  }

  call(method: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.#request(signal, (id, done) => {
      this.#send({ t: 'call', id, method, input })
      return {
        take: (frame) => {
          if (frame.t !== 'result') this.#breach(`a ${frame.t} for a call`)
          else if (frame.result.ok) done.resolve(frame.result.value)
          else done.reject(fromWireError(frame.result.error))
        },
        fail: done.reject,
      }
    })
  }

  /** Resolves with the snapshot; the stream stays registered until it ends or is closed. */
  open(
    method: string,
    input: unknown,
    credit: number,
    signal?: AbortSignal,
  ): Promise<ClientStream<unknown, unknown>> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId(signal)
      const stream = new ClientStream<unknown, unknown>(credit, {
        opened: () => resolve(stream),
        refused: reject,
        grant: (count) => this.#send({ t: 'credit', id, credit: count }),
        left: (byUs) => {
          signal?.removeEventListener('abort', abort)
          this.#pending.delete(id)
          if (byUs) this.#send({ t: 'cancel', id })
        },
        breach: (what) => this.#breach(what),
      })
      const abort = () => stream.fail(cancelled(), true)
      this.#send({ t: 'open', id, method, input, credit })
      signal?.addEventListener('abort', abort)
      this.#pending.set(id, {
        take: (frame) => stream.take(frame),
        fail: (error) => stream.fail(error, false),
      })
    })
  }

  drain(): void {
    this.#send({ t: 'drain' })
  }

  close(): void {
    this.#transport.close('the client left')
  }

  #request(
    signal: AbortSignal | undefined,
    begin: (id: number, done: Settle) => Pending,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId(signal)
      const settle = () => {
        signal?.removeEventListener('abort', abort)
        this.#pending.delete(id)
      }
      const done: Settle = {
        resolve: (value) => {
          settle()
          resolve(value)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      }
      const abort = () => {
        this.#send({ t: 'cancel', id })
        done.reject(cancelled())
      }
      this.#pending.set(id, begin(id, done))
      signal?.addEventListener('abort', abort)
    })
  }

  #nextId(signal: AbortSignal | undefined): number {
    if (this.#lost !== null) throw this.#lost
    if (signal?.aborted === true) throw cancelled()
    this.#lastId += 1
    return this.#lastId
  }

  #take(message: unknown): void {
    const parsed = serverFrameSchema.safeParse(message)
    if (!parsed.success) {
      this.#breach('a frame of an unknown form')
      return
    }
    const frame = parsed.data
    if (frame.t === 'hello') {
      const { version, contractVersion, role } = frame
      this.#onHello?.({ version, contractVersion, role })
      return
    }
    // Unknown numbers are answers to requests that were cancelled here meanwhile.
    this.#pending.get(frame.id)?.take(frame)
  }

  #send(frame: ClientFrame): void {
    this.#transport.send(frame)
  }

  #breach(what: string): void {
    this.#transport.close(`the engine sent ${what}`)
  }

  #lose(reason: string): void {
    this.#lost = new SubletError(
      'unreachable',
      `The connection to the engine is gone (${reason}). Jobs go on; connect again to see them.`,
    )
    for (const pending of this.#pending.values()) pending.fail(this.#lost)
    this.#pending.clear()
  }
}

interface Settle {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: SubletError) => void
}

function cancelled(): SubletError {
  return new SubletError('cancelled', 'The request was cancelled.')
}
