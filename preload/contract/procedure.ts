import type { z } from 'zod'

/** A call: parsed input, one parsed answer. */
export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call'
  readonly input: I
  readonly output: O
}

/** A stream: a snapshot first, then events until either side ends it. */
export interface Stream<
  I extends z.ZodType = z.ZodType,
  S extends z.ZodType = z.ZodType,
  E extends z.ZodType = z.ZodType,
> {
  readonly kind: 'stream'
  readonly input: I
  readonly snapshot: S
  readonly event: E
}

export type Procedure = Call | Stream

/** Procedures grouped by service: the shape of `contract.ts`. */
export type ContractTable = Readonly<Record<string, Readonly<Record<string, Procedure>>>>

export function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Call<I, O> {
  return { kind: 'call', input, output }
}

export function stream<I extends z.ZodType, S extends z.ZodType, E extends z.ZodType>(
  input: I,
  snapshot: S,
  event: E,
): Stream<I, S, E> {
  return { kind: 'stream', input, snapshot, event }
}
