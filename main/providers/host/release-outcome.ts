import type { RentalId } from '../../../preload/contract/rental.ts'
import { SubletError } from '../../domain/errors.ts'
import type { ReleaseOutcome } from '../provider.ts'
import { parseReleaseReport } from './release-script.ts'

export interface ReleaseFacts {
  readonly label: string
  readonly rentalId: RentalId
  readonly accountId: string
  /** Epoch ms in engine time. */
  readonly now: number
}

/** A receipt when nothing is left on the host; else what remains, to be tried again. */
export function releaseOutcome(answer: string, facts: ReleaseFacts): ReleaseOutcome {
  const { label, rentalId, accountId, now } = facts
  const report = parseReleaseReport(answer)
  if (report === null) {
    throw new SubletError(
      'unavailable',
      `${label} did not say whether the job's processes have ended; Sublet asks again.`,
      { nativeCode: answer.slice(0, 300) },
    )
  }
  if (report.left.length > 0) {
    return pending(
      `${label} still runs ${report.left.length} processes of the job that do not end (${report.left.join(', ')}).`,
    )
  }
  if (report.remains.length > 0) {
    return pending(`${label} could not remove ${report.remains.join(', ')}; check who owns it.`)
  }
  const ended = `ended ${report.ended} processes; none of the rental is left`
  return {
    kind: 'receipt',
    receipt: {
      rentalId,
      providerId: 'host',
      accountId,
      instanceId: rentalId,
      confirmedAt: now,
      billedFrom: null,
      billedTo: null,
      billedMicros: null,
      evidence: [
        { asked: `${label}: end every process of ${rentalId}`, answered: ended, at: now },
        {
          asked: `${label}: remove ~/.sublet/rentals/${rentalId}, its attempts and its claim`,
          answered: 'none of them exists any more; its GPUs are free',
          at: now,
        },
      ],
    },
  }
}

function pending(message: string): ReleaseOutcome {
  return { kind: 'pending', message, pollAfterMs: 5000 }
}
