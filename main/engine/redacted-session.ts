import { SubletError, toSubletError } from '../domain/errors.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { ProviderSession } from '../providers/provider.ts'

type Redact = Pick<Redactor, 'redactDeep'>

/**
 * The same session, less the secrets in what it answers and fails with: clouds repeat a key in
 * their errors, and what a provider says ends up in the journal, in receipts and on the screen.
 */
export function redactedSession(session: ProviderSession, redactor: Redact): ProviderSession {
  return redacted(session, redactor)
}

function redacted<T extends object>(target: T, redactor: Redact): T {
  return new Proxy(target, {
    get: (object, key) => {
      const value: unknown = Reflect.get(object, key)
      if (typeof value === 'function') {
        return (...args: readonly unknown[]): unknown =>
          // Tens of thousands of price rows that name no account: only their errors are looked at.
          answer(redactor, key !== 'offers', () => Reflect.apply(value, object, args) as unknown)
      }
      return typeof value === 'object' && value !== null ? redacted(value, redactor) : value
    },
  })
}

function answer(redactor: Redact, values: boolean, work: () => unknown): unknown {
  const clean = (value: unknown): unknown => (values ? redactor.redactDeep(value) : value)
  try {
    const result = work()
    if (result instanceof Promise) {
      return result.then(clean, (thrown: unknown) => {
        throw redactedError(thrown, redactor)
      })
    }
    return isAsyncIterable(result) ? each(result, clean, redactor) : clean(result)
  } catch (thrown) {
    throw redactedError(thrown, redactor)
  }
}

async function* each(
  items: AsyncIterable<unknown>,
  clean: (item: unknown) => unknown,
  redactor: Redact,
): AsyncGenerator {
  try {
    for await (const item of items) yield clean(item)
  } catch (thrown) {
    throw redactedError(thrown, redactor)
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** The error itself where there is nothing to take out: its class may mean something. */
function redactedError(thrown: unknown, redactor: Redact): unknown {
  const error = toSubletError(thrown)
  const { cause: _, ...extras } = error.extras
  const said = { message: error.message, extras }
  const clean = redactor.redactDeep(said)
  if (JSON.stringify(clean) === JSON.stringify(said)) return thrown
  return new SubletError(error.code, clean.message, clean.extras)
}
