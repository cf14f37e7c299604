import { SubletError, toWireError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'
import { clientFrameSchema } from './client/frames.ts'
import type { ClientFrame, Hello, ServerFrame } from './client/frames.ts'
import type { RequestContext } from './handlers.ts'
import type { Router } from './router.ts'
import { Credit, pump } from './stream-pump.ts'
import type { Transport } from './client/transport.ts'

/** Requests and streams that one client may have open at a time. */
const maxOpenRequests = 1_000
const helloWithinMs = 5_000

export interface ServeOptions {
  readonly hello: Hello
  readonly router: Router
  readonly log: Logger
  /** A newer client asked for the engine to leave. */
  readonly onDrain: () => void
}

interface Open {
  readonly abort: AbortController
  readonly credit: Credit | null
}

/** The engine's end of one connection, from `hello` to its close. Requests run side by side. */
export function serveConnection(transport: Transport, options: ServeOptions): void {
  const connection = new Connection(transport, options)
  connection.start()
}

class Connection {
  readonly #transport: Transport
  readonly #options: ServeOptions
  readonly #open = new Map<number, Open>()
  #client: Hello | null = null

  constructor(transport: Transport, options: ServeOptions) {
    this.#transport = transport
    this.#options = options
  }

  start(): void {
    const timer = setTimeout(() => {
      if (this.#client === null) this.#transport.close('no hello came')
    }, helloWithinMs)
    timer.unref()
    this.#transport.onClose((reason) => {
      clearTimeout(timer)
      this.#options.log.info({ reason, client: this.#client }, 'A client left.')
      for (const { abort } of this.#open.values()) abort.abort()
    })
    this.#transport.receive((message) => {
      const frame = clientFrameSchema.safeParse(message)
      if (frame.success) this.#take(frame.data)
      else this.#refuse('it sent a frame of an unknown form')
    })
  }

  #take(frame: ClientFrame): void {
    if (this.#client === null && frame.t !== 'hello') {
      this.#refuse('it did not say hello first')
      return
    }
    switch (frame.t) {
      case 'hello':
        this.#greet(frame)
        return
      case 'call':
        this.#start(frame.id, null, (context) => this.#call(frame.id, frame, context))
        return
      case 'open': {
        const credit = new Credit(frame.credit)
        this.#start(frame.id, credit, (context) => this.#stream(frame.id, frame, credit, context))
        return
      }
      case 'credit':
        this.#open.get(frame.id)?.credit?.grant(frame.credit)
        return
      case 'cancel':
        this.#open.get(frame.id)?.abort.abort()
        return
      case 'drain':
        this.#options.onDrain()
    }
  }

  #greet(hello: Hello): void {
    if (this.#client !== null) {
      this.#refuse('it said hello twice')
      return
    }
    const { version, contractVersion, role } = hello
    this.#client = { version, contractVersion, role }
    this.#send({ t: 'hello', ...this.#options.hello })
  }

  #start(
    id: number,
    credit: Credit | null,
    work: (context: RequestContext) => Promise<void>,
  ): void {
    const client = this.#client
    if (this.#open.has(id) || client === null) {
      this.#refuse(`it used the number ${id} twice`)
      return
    }
    const problem = this.#problemWith(client)
    if (problem !== null) {
      this.#fail(id, credit, problem)
      return
    }
    const abort = new AbortController()
    this.#open.set(id, { abort, credit })
    void work({ signal: abort.signal, client }).finally(() => this.#open.delete(id))
  }

  #problemWith(client: Hello): SubletError | null {
    if (client.contractVersion !== this.#options.hello.contractVersion) {
      return new SubletError(
        'version',
        `The engine is Sublet ${this.#options.hello.version} and this client is ${client.version}; update the older one.`,
      )
    }
    if (this.#open.size < maxOpenRequests) return null
    return new SubletError('rate-limited', 'Too many requests are open at once; try again soon.', {
      retryAfterMs: 1_000,
    })
  }

  async #call(
    id: number,
    { method, input }: { method: string; input: unknown },
    context: RequestContext,
  ): Promise<void> {
    const result = await this.#options.router.call(method, input, context)
    try {
      this.#send({ t: 'result', id, result })
    } catch (error) {
      this.#fail(id, null, error)
    }
  }

  async #stream(
    id: number,
    { method, input }: { method: string; input: unknown },
    credit: Credit,
    context: RequestContext,
  ): Promise<void> {
    const { router, log } = this.#options
    try {
      const opened = await router.open(method, input, context)
      if (!opened.ok) {
        this.#send({ t: 'end', id, error: opened.error })
        return
      }
      const { snapshot, events } = opened.value
      this.#send({ t: 'snapshot', id, seq: 0, value: snapshot })
      await pump(
        events,
        credit,
        context.signal,
        (seq, value) => {
          this.#send({ t: 'event', id, seq, value })
          return this.#transport.drained()
        },
        log,
      )
      this.#send({ t: 'end', id })
    } catch (error) {
      this.#fail(id, credit, error)
    }
  }

  #fail(id: number, credit: Credit | null, thrown: unknown): void {
    const error = toWireError(thrown)
    if (credit !== null) this.#send({ t: 'end', id, error })
    else this.#send({ t: 'result', id, result: { ok: false, error } })
  }

  #send(frame: ServerFrame): void {
    this.#transport.send(frame)
  }

  /** A peer that breaks the protocol is not argued with. */
  #refuse(why: string): void {
    this.#options.log.warn({ client: this.#client, why }, 'A connection was refused.')
    this.#transport.close(why)
  }
}
