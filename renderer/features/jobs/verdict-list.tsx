import type { StopVerdict } from '../../../preload/contract/rental.ts'
import { Dot } from '../../ui/tag.tsx'
import { ClockTime } from '../../ui/time.tsx'
import facts from '../../ui/facts.module.css'

const names = { provider: 'The provider', machine: 'The machine', client: 'This computer' } as const

/** Which level ends the machine, when, and why or why not: as read back. */
export function VerdictList({
  verdict,
  ended,
}: {
  readonly verdict: StopVerdict
  readonly ended: boolean
}) {
  return (
    <dl className={facts['facts']}>
      {verdict.levels.map(({ level, holds, endsAt, because }) => (
        <div key={level} style={{ display: 'contents' }}>
          <dt>
            <Dot tone={holds ? 'good' : 'bad'} /> {names[level]}
          </dt>
          <dd>
            {because}
            {endsAt === null || ended ? null : (
              <>
                {' '}
                Ends <ClockTime at={endsAt} />.
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
