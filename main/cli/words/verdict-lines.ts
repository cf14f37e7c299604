import { type JobDetail } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import type { LeaseLevel } from '../../../preload/contract/rental.ts'
import { formatTime } from '../../domain/format.ts'
import { inertLine } from '../format/inert.ts'
import type { Style } from '../format/style.ts'

const names: Readonly<Record<LeaseLevel['level'], string>> = {
  provider: 'the provider',
  machine: 'the machine',
  client: 'this computer',
}

/**
 * Which level ends the machine, until when, and why or why not, as last read back. Nothing where
 * there is no machine.
 */
export function verdictLines(
  { summary, verdict }: JobDetail,
  now: number,
  style: Style,
): readonly string[] {
  const isGone = summary.rentalId === null || (isEnded(summary.state) && summary.settled)
  if (isGone) return []
  if (verdict === null) {
    return ['What ends the machine: not read back yet; it is asked at the first contact.']
  }
  return [
    'What ends the machine:',
    ...verdict.levels.map(({ level, holds, endsAt, because }) => {
      const when = endsAt === null ? '' : `, at ${formatTime(endsAt, { near: now })} at the latest`
      const line = `  ${names[level]}: ${holds ? 'yes' : 'no'}${when}. ${inertLine(because)}`
      return holds ? line : style.warn(line)
    }),
  ]
}
