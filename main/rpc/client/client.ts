import type { z } from 'zod'
import type { Call, ContractTable, Procedure, Stream } from '../../../preload/contract/procedure.ts'
import { ClientChannel } from './client-channel.ts'
import type { ClientStream } from './client-stream.ts'
import type { Hello } from './frames.ts'
import type { Transport } from './transport.ts'

const defaultCredit = 64

export interface RequestOptions {
  /** Cancels at both ends. */
  readonly signal?: AbortSignal
}

export interface StreamOptions extends RequestOptions {
  /** Events that may wait here unread; 64 unless told. */
  readonly credit?: number
}

export type ClientProcedure<P> =
  P extends Call<infer I, infer O>
    ? (input: z.input<I>, options?: RequestOptions) => Promise<z.output<O>>
    : P extends Stream<infer I, infer S, infer E>
      ? (
          input: z.input<I>,
          options?: StreamOptions,
        ) => Promise<ClientStream<z.output<S>, z.output<E>>>
      : never

/** The contract as functions: `api.jobs.list({})`. Failures are SubletErrors. */
export type Api<C extends ContractTable> = {
  readonly [S in keyof C]: { readonly [P in keyof C[S]]: ClientProcedure<C[S][P]> }
}

export interface Client<C extends ContractTable> {
  readonly api: Api<C>
  /** What the engine said of itself. */
  readonly engine: Hello
  /** Resolves with the reason once the connection is gone; everything pending has failed by then. */
  readonly closed: Promise<string>
  /** Asks the engine to leave for a newer one; it closes the connection when it has. */
  drain(): void
  close(): void
}

/**
 * Says hello and answers a client for `contract`. Fails with `unreachable` when the engine does
 * not answer. It does not connect again by itself.
 */
export async function createClient<C extends ContractTable>(
  contract: C,
  transport: Transport,
  hello: Hello,
  signal?: AbortSignal,
): Promise<Client<C>> {
  const channel = new ClientChannel(transport)
  const engine = await channel.greet(hello, signal)
  return {
    api: deriveApi(contract, channel),
    engine,
    closed: channel.closed,
    drain: () => channel.drain(),
    close: () => channel.close(),
  }
}

function deriveApi<C extends ContractTable>(contract: C, channel: ClientChannel): Api<C> {
  const services = Object.entries(contract).map(([service, procedures]) => [
    service,
    Object.fromEntries(
      Object.entries(procedures).map(([name, procedure]) => [
        name,
        deriveProcedure(procedure, `${service}.${name}`, channel),
      ]),
    ),
  ])
  // The entries come from the contract itself, which TypeScript cannot follow.
  return Object.fromEntries(services) as Api<C>
}

function deriveProcedure(procedure: Procedure, method: string, channel: ClientChannel): unknown {
  if (procedure.kind === 'call') {
    return (input: unknown, options: RequestOptions = {}) =>
      channel.call(method, input, options.signal)
  }
  return (input: unknown, options: StreamOptions = {}) =>
    channel.open(method, input, options.credit ?? defaultCredit, options.signal)
}
