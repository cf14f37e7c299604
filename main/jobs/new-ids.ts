import { ulid } from 'ulid'
import type { JobId } from '../../preload/contract/job-state.ts'
import type { RentalId } from '../../preload/contract/rental.ts'

export function newJobId(): JobId {
  return `job-${ulid().toLowerCase()}`
}

/** Also the name or tag of the machine at its provider, which finds it again. */
export function newRentalId(): RentalId {
  return `sublet-${ulid().toLowerCase()}`
}

export function newAttemptId(): string {
  return `attempt-${ulid().toLowerCase()}`
}
