import { createHash } from 'node:crypto'
import type { RentalId } from '../../preload/contract/rental.ts'
import type { JobSpec } from '../../preload/contract/job-spec.ts'

/** Where a job's things stand on a machine. All below `~/.sublet`, which the supervisor owns. */
export interface RemotePaths {
  readonly attempt: string
  readonly work: string
  readonly output: string
  /** `$SUBLET_DATA`. Shared by the attempts of one job family on a rental: only what differs travels. */
  readonly data: string
  /** Data given as single files stand here and are linked into `data`. */
  readonly files: string
  /** The code as sent; each attempt works on a copy of its own. */
  readonly code: string
}

export function remotePaths(
  home: string,
  rentalId: RentalId,
  attemptId: string,
  spec: JobSpec,
): RemotePaths {
  const rental = `${home}/.sublet/rentals/${rentalId}`
  const attempt = `${home}/.sublet/attempts/${attemptId}`
  const family = familyOf(spec)
  return {
    attempt,
    work: `${attempt}/work`,
    output: `${attempt}/output`,
    data: `${rental}/data/${family}`,
    files: `${rental}/files/${family}`,
    code: `${rental}/code/${family}`,
  }
}

/** Same inputs by name: the next run of a job finds there what the last one sent. */
function familyOf(spec: JobSpec): string {
  const sources = [spec.code?.path ?? '', ...spec.data.map((one) => `${one.name}\n${one.path}`)]
  return createHash('sha256').update(sources.join('\n\n')).digest('hex').slice(0, 12)
}
