import type { z } from 'zod'
import type { WireError } from '../../preload/contract/errors.ts'
import type { Procedure } from '../../preload/contract/procedure.ts'
import { SubletError, toSubletError, toWireError } from '../domain/errors.ts'
import type { Logger } from '../domain/logger.ts'
import type { ContractTable } from '../../preload/contract/procedure.ts'
import type { Handlers, RequestContext, StreamAnswer } from './handlers.ts'

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError }

/** Answers requests by name, whatever they hold. Never throws. */
export interface Router {
  call(method: string, input: unknown, context: RequestContext): Promise<Result<unknown>>
  open(
    method: string,
    input: unknown,
    context: RequestContext,
  ): Promise<Result<StreamAnswer<unknown, unknown>>>
}

type AnyHandler = (input: unknown, context: RequestContext) => Promise<unknown>

/** Takes secrets out of an error before it leaves. */
export interface ErrorRedactor {
  redactDeep<T>(value: T): T
}

/** Joins a contract with its handlers; inputs and outputs are parsed by the contract's schemas. */
export function createRouter<C extends ContractTable>(
  contract: C,
  handlers: Handlers<C>,
  log: Logger,
  redactor: ErrorRedactor = { redactDeep: (value) => value },
): Router {
  const find = (method: string, kind: Procedure['kind']) => {
    const [service = '', name = '', ...rest] = method.split('.')
    const procedure = own(own(contract, service), name) as Procedure | undefined
    const handler = own(own(handlers, service), name) as AnyHandler | undefined
    if (procedure?.kind !== kind || handler === undefined || rest.length > 0) {
      throw new SubletError('unsupported', `This engine has no ${kind} named "${method}".`)
    }
    return { procedure, handler }
  }

  const answer = async <T>(method: string, work: () => Promise<T>): Promise<Result<T>> => {
    try {
      return { ok: true, value: await work() }
    } catch (thrown) {
      const error = toSubletError(thrown)
      if (error.code === 'internal') log.error({ method, err: thrown }, 'A request failed.')
      return { ok: false, error: redactor.redactDeep(toWireError(error)) }
    }
  }

  return {
    call: (method, input, context) =>
      answer(method, async () => {
        const { procedure, handler } = find(method, 'call')
        if (procedure.kind !== 'call') throw new SubletError('internal', 'A call was expected.')
        const output = await handler(parseInput(procedure.input, input, method), context)
        return parseOutput(procedure.output, output, method)
      }),
    open: (method, input, context) =>
      answer(method, async () => {
        const { procedure, handler } = find(method, 'stream')
        if (procedure.kind !== 'stream') throw new SubletError('internal', 'A stream was expected.')
        const parsed = parseInput(procedure.input, input, method)
        const opened = (await handler(parsed, context)) as StreamAnswer<unknown, unknown>
        return {
          snapshot: parseOutput(procedure.snapshot, opened.snapshot, method),
          events: parsedEvents(procedure.event, opened.events, method),
        }
      }),
  }
}

function own(table: unknown, key: string): unknown {
  if (typeof table !== 'object' || table === null || !Object.hasOwn(table, key)) return undefined
  return (table as Record<string, unknown>)[key]
}

function parseInput(schema: z.ZodType, input: unknown, method: string): unknown {
  const parsed = schema.safeParse(input)
  if (parsed.success) {
    if (!holdsNul(parsed.data)) return parsed.data
    throw new SubletError(
      'invalid',
      `The request ${method} holds a NUL character, which no path, command or name may have; remove it.`,
    )
  }
  const [first] = parsed.error.issues
  const where = first === undefined || first.path.length === 0 ? '' : ` at ${first.path.join('.')}`
  throw new SubletError(
    'invalid',
    `The request ${method} is not understood${where}: ${first?.message ?? 'it has the wrong form'}.`,
    { details: { issues: parsed.error.issues.slice(0, 20) } },
  )
}

/** Whether any text in it, a key too, has a NUL: the system refuses those in paths and commands. */
function holdsNul(input: unknown): boolean {
  const open: unknown[] = [input]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && value.includes('\0')) return true
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inside] of Object.entries(value)) open.push(key, inside)
  }
  return false
}

function parseOutput(schema: z.ZodType, output: unknown, method: string): unknown {
  const parsed = schema.safeParse(output)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new SubletError(
    'internal',
    `The engine's answer to ${method} has the wrong form at "${first?.path.join('.') ?? ''}"; please report this.`,
    { cause: parsed.error },
  )
}

/** Keeps the source's own `return`, so that leaving early reaches it even while it waits. */
function parsedEvents(
  schema: z.ZodType,
  events: AsyncIterable<unknown>,
  method: string,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]: () => {
      const source = events[Symbol.asyncIterator]()
      return {
        next: async () => {
          const step = await source.next()
          return step.done === true
            ? { done: true, value: undefined }
            : { done: false, value: parseOutput(schema, step.value, method) }
        },
        return: async () => {
          await source.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
