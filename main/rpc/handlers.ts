import type { z } from 'zod'
import type { Call, ContractTable, Stream } from '../../preload/contract/procedure.ts'

/** What a handler knows about its caller. */
export interface RequestContext {
  /** Aborted when the caller cancels or its connection is lost. */
  readonly signal: AbortSignal
  readonly client: { readonly role: string; readonly version: string }
}

export interface StreamAnswer<S, E> {
  readonly snapshot: S
  /** Pulled one at a time, as the client grants credit; `return()` is called when it leaves. */
  readonly events: AsyncIterable<E>
}

/** Handlers may answer with readonly data; it is copied when parsed. */
export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

export type Handler<P> =
  P extends Call<infer I, infer O>
    ? (input: z.output<I>, context: RequestContext) => Promise<DeepReadonly<z.input<O>>>
    : P extends Stream<infer I, infer S, infer E>
      ? (
          input: z.output<I>,
          context: RequestContext,
        ) => Promise<StreamAnswer<DeepReadonly<z.input<S>>, DeepReadonly<z.input<E>>>>
      : never

/** One handler for every procedure of a contract. */
export type Handlers<C extends ContractTable> = {
  readonly [S in keyof C]: { readonly [P in keyof C[S]]: Handler<C[S][P]> }
}
