import { toSubletError } from '../domain/errors.ts'
import type { Redactor } from '../logging/redactor.ts'
import type { ProviderSession } from '../providers/provider.ts'

type Redact = Pick<Redactor, 'redactDeep'>

/** Every member of a session, so that the compiler asks about one that is new. */
type Whole = {
  readonly [K in keyof Required<ProviderSession>]: ProviderSession[K] | undefined
}

/**
 * The same session, less the secrets in what it answers and fails with: clouds repeat a key in
 * their errors, and what a provider says ends up in the journal, in receipts and on the screen.
 */
export function redactedSession(session: ProviderSession, redactor: Redact): ProviderSession {
  const { releaseBillable, isAsleep, expiry, usage } = session
  const { selfTerminateCommand, selfTerminateProof } = session
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return redactor.redactDeep(await work())
    } catch (thrown) {
      throw redactedError(thrown, redactor)
    }
  }
  const say = <T>(work: () => T): T => {
    try {
      return redactor.redactDeep(work())
    } catch (thrown) {
      throw redactedError(thrown, redactor)
    }
  }
  const whole: Whole = {
    check: (signal) => answer(() => session.check(signal)),
    // Tens of thousands of price rows that name no account: only their errors are looked at.
    offers: (query, signal) =>
      each(
        () => session.offers(query, signal),
        redactor,
        (row) => row,
      ),
    launch: (request, signal) => answer(() => session.launch(request, signal)),
    describe: (rental, signal) => answer(() => session.describe(rental, signal)),
    list: (signal) =>
      each(
        () => session.list(signal),
        redactor,
        (row) => redactor.redactDeep(row),
      ),
    release: (rental, signal) => answer(() => session.release(rental, signal)),
    releaseBillable:
      releaseBillable &&
      ((target, signal) => answer(() => releaseBillable.call(session, target, signal))),
    isAsleep: isAsleep && (() => say(() => isAsleep.call(session))),
    expiry: expiry && {
      set: (rental, endBy, signal) => answer(() => expiry.set(rental, endBy, signal)),
      read: (rental, signal) => answer(() => expiry.read(rental, signal)),
    },
    usage: usage && ((rental, signal) => answer(() => usage.call(session, rental, signal))),
    selfTerminateCommand:
      selfTerminateCommand && ((rental) => say(() => selfTerminateCommand.call(session, rental))),
    selfTerminateProof:
      selfTerminateProof && ((rental) => say(() => selfTerminateProof.call(session, rental))),
  }
  const present = Object.entries(whole).filter(([, member]) => member !== undefined)
  // What the provider lacks is lacking here too, which the compiler cannot see of entries.
  return Object.fromEntries(present) as unknown as ProviderSession
}

async function* each<T>(
  open: () => AsyncIterable<T>,
  redactor: Redact,
  clean: (row: T) => T,
): AsyncGenerator<T> {
  try {
    for await (const row of open()) yield clean(row)
  } catch (thrown) {
    throw redactedError(thrown, redactor)
  }
}

/** The error itself where there is nothing to take out, its causes included. */
function redactedError(thrown: unknown, redactor: Redact): unknown {
  return redactor.redactDeep(thrown instanceof Error ? thrown : toSubletError(thrown))
}
