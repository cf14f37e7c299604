import type { Procedure } from '../../../preload/contract/procedure.ts'
import type { Result, Router } from '../../../main/rpc/router.ts'
import { wrongWith } from '../hostile/judge.ts'
import { inputsOf, type Known } from './inputs.ts'
import type { Random } from './random.ts'

export interface FuzzOptions {
  readonly random: Random
  readonly runs: number
  readonly known: Known
  readonly client: { readonly role: string; readonly version: string }
  /** Takes back what an answer has brought about, where it would be in the way of the next inputs. */
  readonly tidy: (value: unknown) => Promise<void>
}

/** What came of all inputs of one procedure. */
export interface FuzzReport {
  readonly method: string
  readonly runs: number
  readonly answered: number
  readonly problems: readonly string[]
  readonly slowestMs: number
}

const atOnce = 8
const longestMs = 30_000
const mostProblems = 3

/** Asks one procedure with generated inputs, some at a time. */
export async function fuzzProcedure(
  router: Router,
  method: string,
  procedure: Procedure,
  { random, runs, known, client, tidy }: FuzzOptions,
): Promise<FuzzReport> {
  const next = inputsOf(procedure.input, known)
  const problems: string[] = []
  let answered = 0
  let slowestMs = 0
  let left = runs
  const ask = async (): Promise<void> => {
    while (left > 0 && problems.length < mostProblems) {
      left -= 1
      const input = next(random)
      const leave = new AbortController()
      const beganMs = performance.now()
      const result = await inTime(
        one(router, method, procedure, input, { signal: leave.signal, client }),
      )
      leave.abort()
      slowestMs = Math.max(slowestMs, performance.now() - beganMs)
      if (result !== 'late' && result.ok) {
        answered += 1
        await tidy(result.value)
      }
      const problem = result === 'late' ? 'no answer came' : wrongWithResult(result)
      if (problem !== null) problems.push(`${problem} for ${briefly(input)}`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, ask))
  return { method, runs: runs - left, answered, problems, slowestMs: Math.round(slowestMs) }
}

async function one(
  router: Router,
  method: string,
  procedure: Procedure,
  input: unknown,
  context: Parameters<Router['call']>[2],
): Promise<Result<unknown>> {
  if (procedure.kind === 'call') return await router.call(method, input, context)
  const opened = await router.open(method, input, context)
  if (!opened.ok) return opened
  await opened.value.events[Symbol.asyncIterator]().return?.()
  return { ok: true, value: null }
}

async function inTime<T>(work: Promise<T>): Promise<T | 'late'> {
  const late = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => late.resolve('late'), longestMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function wrongWithResult(result: Result<unknown>): string | null {
  if (result.ok) return null
  const { code, message } = result.error
  if (code === 'internal') return `an internal error (${message.slice(0, 200)})`
  if (/\n\s+at |node:internal|\.ts:\d+/.test(message))
    return `a stack trace (${message.slice(0, 200)})`
  return wrongWith(message)
}

function briefly(input: unknown): string {
  try {
    return JSON.stringify(input)?.slice(0, 400) ?? 'undefined'
  } catch {
    return 'an input too deep to print'
  }
}
