import type { MachineAtWork, Overview } from '../../preload/contract/overview.ts'
import { formatMicrosPerHour } from '../../main/domain/format.ts'
import { Popover } from '../ui/popover.tsx'
import { Dot } from '../ui/tag.tsx'
import { ClockTime } from '../ui/time.tsx'
import { AwakeWords } from './awake-words.tsx'
import styles from './strip-verdict.module.css'
import { verdictWords } from './verdict-words.ts'

/** How many machines there are and whether each stops by itself; opens the list. */
export function StripVerdict({ overview: { machines } }: { readonly overview: Overview }) {
  if (machines.length === 0) {
    return (
      <span className={styles['none']}>
        <Dot tone="idle" />
        no machine
      </span>
    )
  }
  const { tone, words } = verdictWords(machines)
  return (
    <Popover
      title="Machines"
      trigger={
        <button type="button" className={styles['button']}>
          <Dot tone={tone} />
          <span className={styles['words']}>{words}</span>
        </button>
      }
    >
      <ul className={styles['list']}>
        {machines.map((machine) => (
          <Machine key={machine.rentalId} machine={machine} />
        ))}
      </ul>
      <AwakeWords machines={machines} />
    </Popover>
  )
}

function Machine({ machine }: { readonly machine: MachineAtWork }) {
  const { stopsByItself, endsAt, release } = machine
  return (
    <li className={styles['machine']}>
      <Dot tone={toneOf(machine)} />
      <div>
        <b>{machine.jobName ?? 'kept warm'}</b> · {machine.machine} ·{' '}
        {formatMicrosPerHour(machine.microsPerHour)}
        {machine.simulated ? ' practice money' : ''}
        <div className={styles['because']}>
          {release !== null ? (
            <>
              {release.red ? 'NOT proven gone: being' : 'Being'} released since{' '}
              <ClockTime at={release.since} />. {release.sentence}
            </>
          ) : stopsByItself === true && endsAt !== null ? (
            <>
              Stops by itself if this computer dies: yes, at <ClockTime at={endsAt} />
            </>
          ) : stopsByItself === false ? (
            <>Stops by itself if this computer dies: NO. {machine.because}</>
          ) : (
            machine.because
          )}
        </div>
      </div>
    </li>
  )
}

function toneOf({ stopsByItself, release }: MachineAtWork): 'good' | 'bad' | 'burn' {
  if (release !== null) return release.red ? 'bad' : 'burn'
  return stopsByItself === null ? 'burn' : stopsByItself ? 'good' : 'bad'
}
