import type { Billable } from '../../../preload/contract/rental.ts'
import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Clock } from '../../domain/clock.ts'
import { SubletError, toSubletError } from '../../domain/errors.ts'
import type { ProviderAccess } from '../../jobs/ports.ts'
import type { ProviderSession } from '../../providers/provider.ts'
import type { StoredAccount } from '../accounts.ts'

/** What an account listed, and when. Whole: a list that broke off half way is a failure. */
export interface AccountReading {
  readonly account: StoredAccount
  readonly askedAt: number
  /** When `rows` were read; null when the account never answered. */
  readonly fetchedAt: number | null
  /** The journal's revision when `rows` were asked for: what was released since may still be in them. */
  readonly revision: number
  readonly rows: readonly Billable[]
  /** Why it could not be asked the last time, and since when what is listed is old. */
  readonly problem: { readonly code: ErrorCode; readonly sentence: string } | null
}

/** Physical time: an account that takes longer is a problem, not a wait. */
const patienceMs = 45_000
/** Above it a price is a mistake of the provider's, and counts as unknown: $100,000 an hour. */
const absurdMicrosPerHour = 100_000_000_000

/** Asks one account; where that fails, what it said before stays, with its age. Only aborts reject. */
export async function readAccount(
  providers: Pick<ProviderAccess, 'session'>,
  clock: Clock,
  account: StoredAccount,
  before: AccountReading | undefined,
  revision: number,
  signal: AbortSignal,
): Promise<AccountReading> {
  const askedAt = clock.now()
  const late = AbortSignal.timeout(patienceMs)
  const until = AbortSignal.any([signal, late])
  try {
    const rows = await listed(() => providers.session(account.id), until)
    return { account, askedAt, fetchedAt: askedAt, revision, rows, problem: null }
  } catch (thrown) {
    signal.throwIfAborted()
    const error = late.aborted
      ? new SubletError('unavailable', `It did not answer within ${patienceMs / 1_000} s.`)
      : toSubletError(thrown)
    return {
      account,
      askedAt,
      fetchedAt: before?.fetchedAt ?? null,
      revision: before?.revision ?? revision,
      rows: before?.rows ?? [],
      problem: { code: error.code, sentence: error.message },
    }
  }
}

/** All rows, or the signal's end: a keychain or a provider that ignores it is not waited for. */
async function listed(
  open: () => Promise<ProviderSession>,
  signal: AbortSignal,
): Promise<Billable[]> {
  const given = Promise.withResolvers<never>()
  const giveUp = (): void => given.reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  const all = async (): Promise<Billable[]> => {
    signal.throwIfAborted()
    const session = await open()
    const rows: Billable[] = []
    if (session.isAsleep?.() === true) return rows
    for await (const row of session.list(signal)) rows.push(plausible(row))
    return rows
  }
  try {
    return await Promise.race([all(), given.promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

function plausible(row: Billable): Billable {
  const { microsPerHour } = row
  return microsPerHour !== null && (microsPerHour < 0 || microsPerHour > absurdMicrosPerHour)
    ? { ...row, microsPerHour: null }
    : row
}
