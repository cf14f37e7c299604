import type { Contract } from '../preload/contract/contract.ts'
import { toSubletError, type SubletError } from '../main/domain/errors.ts'
import type { ClientStream } from '../main/rpc/client/client-stream.ts'
import type { Api, Client } from '../main/rpc/client/client.ts'

export interface FollowReader<S, E> {
  /** At the start and again after every loss: replaces everything known before. */
  readonly snapshot: (value: S) => void
  readonly event: (value: E) => void
  /** The engine refused or broke the stream for good; what is shown grows old. */
  readonly problem?: (error: SubletError) => void
  /** The engine ended the stream because there is no more. */
  readonly end?: () => void
}

export type OpenStream<S, E> = (
  api: Api<Contract>,
  signal: AbortSignal,
) => Promise<ClientStream<S, E>>

/** Returns the function that ends it. */
export type Follow = <S, E>(open: OpenStream<S, E>, reader: FollowReader<S, E>) => () => void

/** Reads a stream over every connection in turn until it ends, fails for good or is left. */
export function followStream<S, E>(
  client: () => Promise<Client<Contract>>,
  open: OpenStream<S, E>,
  reader: FollowReader<S, E>,
): () => void {
  const left = new AbortController()
  const read = async (): Promise<void> => {
    while (!left.signal.aborted) {
      const connection = await client()
      try {
        if (left.signal.aborted) return
        const stream = await open(connection.api, left.signal)
        reader.snapshot(stream.snapshot)
        for await (const event of stream.events) {
          if (left.signal.aborted) return
          reader.event(event)
        }
        reader.end?.()
        return
      } catch (thrown) {
        const error = toSubletError(thrown)
        if (left.signal.aborted) return
        // A lost connection and a reader that fell behind both begin again with a new snapshot.
        if (error.code === 'rate-limited' || (await isLost(connection))) continue
        reader.problem?.(error)
        return
      }
    }
  }
  void read()
  return () => left.abort()
}

/** Whether the connection is gone, as it says itself a moment after its requests have failed. */
async function isLost({ closed }: Client<Contract>): Promise<boolean> {
  const moment = new Promise<false>((resolve) => {
    setTimeout(() => resolve(false), 0)
  })
  return await Promise.race([closed.then(() => true), moment])
}
