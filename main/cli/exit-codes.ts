import type { ErrorCode } from '../../preload/contract/errors.ts'
import type { JobSummary } from '../../preload/contract/job.ts'

/** Sublet's own exit codes; a job's own code passes through unchanged. */
export const exitCodes = {
  usage: 120,
  noOffer: 121,
  account: 122,
  limit: 123,
  engine: 124,
  cancelled: 130,
} as const

const kindOf: Readonly<Record<ErrorCode, keyof typeof exitCodes>> = {
  invalid: 'usage',
  'input-missing': 'usage',
  'input-changed': 'usage',
  'secret-missing': 'usage',
  'confirmation-needed': 'usage',
  conflict: 'usage',
  'not-found': 'usage',
  unsupported: 'usage',
  'no-offer': 'noOffer',
  'no-capacity': 'noOffer',
  'price-moved': 'noOffer',
  // Before launch: no offer fits into it. A job that it stopped is told apart in `exitCodeOfJob`.
  budget: 'noOffer',
  auth: 'account',
  permission: 'account',
  quota: 'account',
  'rate-limited': 'account',
  unavailable: 'account',
  unreachable: 'account',
  'host-key': 'account',
  keychain: 'account',
  'disk-full': 'engine',
  version: 'engine',
  unauthorised: 'engine',
  internal: 'engine',
  cancelled: 'cancelled',
}

/** The exit code for an error before or beside a job. */
export function exitCodeOf(code: ErrorCode): number {
  return exitCodes[kindOf[code]]
}

/** The exit code of `run` and `attach` for a job that has ended. */
export function exitCodeOfJob(job: JobSummary): number {
  if (job.error?.code === 'budget') {
    // Without a machine it was never stopped: nothing fitted into the budget.
    return job.rentalId === null ? exitCodes.noOffer : exitCodes.limit
  }
  if (job.state === 'cancelled') return exitCodes.cancelled
  if (job.state === 'done') return job.exitCode ?? 0
  if (job.exitCode !== null && job.exitCode !== 0) return job.exitCode
  return job.error === null ? exitCodes.engine : exitCodeOf(job.error.code)
}
