import { createStore, type StoreApi } from 'zustand/vanilla'
import { contract, contractVersion, type Contract } from '../preload/contract/contract.ts'
import { SubletError, toSubletError } from '../main/domain/errors.ts'
import { createClient, type Api, type Client } from '../main/rpc/client/client.ts'
import type { Hello } from '../main/rpc/client/frames.ts'
import type { Transport } from '../main/rpc/client/transport.ts'
import { deriveWaitingApi } from './engine-api.ts'
import { followStream, type Follow } from './follow.ts'

/** Whether the page hears the engine. Jobs go on in every one of these states. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly engine: Hello }
  | { readonly kind: 'lost'; readonly error: SubletError; readonly tries: number }

/** The engine as every store sees it: one connection that mends itself. */
export interface Engine {
  readonly link: StoreApi<LinkState>
  /**
   * The contract as functions. A call made while the connection is down waits for it; one that is
   * under way when it breaks fails with `unreachable`. Failures are SubletErrors.
   */
  readonly api: Api<Contract>
  /** Reads a stream and opens it anew after every loss; returns the function that ends it. */
  readonly follow: Follow
  /** Tries to connect now instead of after the pause. */
  retryNow(): void
  close(): void
}

export interface EngineOptions {
  readonly connect: () => Promise<Transport>
  readonly version: string
  readonly role: string
}

const pausesMs = [50, 250, 1_000, 2_000, 5_000]

/** Connects at once and stays connected until closed. One per window, made in `main.tsx`. */
export function createEngine({ connect, version, role }: EngineOptions): Engine {
  const link = createStore<LinkState>(() => ({ kind: 'connecting' }))
  const leaving = new AbortController()
  let waiters = Promise.withResolvers<Client<Contract>>()
  let skipPause: () => void = () => undefined

  const lose = (error: SubletError, tries: number): void => {
    link.setState({ kind: 'lost', error, tries }, true)
  }
  const pause = (tries: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, pausesMs[Math.min(tries, pausesMs.length - 1)])
      skipPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const keepConnected = async (): Promise<void> => {
    let tries = 0
    while (!leaving.signal.aborted) {
      try {
        const client = await createClient(
          contract,
          await connect(),
          { version, contractVersion, role },
          leaving.signal,
        )
        tries = 0
        link.setState({ kind: 'connected', engine: client.engine }, true)
        waiters.resolve(client)
        const reason = await client.closed
        waiters = Promise.withResolvers()
        lose(new SubletError('unreachable', `The engine left (${reason}). Jobs go on.`), tries)
      } catch (thrown) {
        lose(toSubletError(thrown), tries)
      }
      if (!leaving.signal.aborted) await pause(tries)
      tries += 1
    }
  }
  leaving.signal.addEventListener('abort', () => {
    skipPause()
    void waiters.promise.then((client) => client.close())
  })
  void keepConnected()

  const client = (): Promise<Client<Contract>> => waiters.promise
  return {
    link,
    api: deriveWaitingApi(client),
    follow: (open, reader) => followStream(client, open, reader),
    retryNow: () => skipPause(),
    close: () => leaving.abort(),
  }
}
