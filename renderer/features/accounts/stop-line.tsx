import type { StopAbility } from '../../../preload/contract/account.ts'
import { stopAbilityWords } from '../../../main/domain/stop-ability.ts'
import { Dot } from '../../ui/tag.tsx'
import { Popover } from '../../ui/popover.tsx'
import styles from './accounts.module.css'

const levelNames = { provider: 'The provider', machine: 'The machine', client: 'This computer' }

/** Whether machines of an account stop by themselves if this computer dies, level by level. */
export function StopLine({ stop }: { readonly stop: StopAbility }) {
  return (
    <p className={styles['stop']}>
      <Dot tone={stop.stopsByItself ? 'good' : 'bad'} />
      <span>
        Stops by itself if this computer dies: {stopAbilityWords(stop)}
        {stop.stopsByItself ? '.' : ''}{' '}
        <Popover
          align="start"
          title="Who can stop a machine"
          trigger={<button className={styles['why']}>Who can stop a machine</button>}
        >
          <StopLevels stop={stop} />
        </Popover>
      </span>
    </p>
  )
}

function StopLevels({ stop }: { readonly stop: StopAbility }) {
  return (
    <ul className={styles['levels']}>
      {stop.levels.map(({ level, holds, because }) => (
        <li key={level}>
          <Dot tone={holds ? 'good' : 'bad'} />
          <span>
            <b>
              {levelNames[level]}: {holds ? 'yes' : 'NO'}.
            </b>{' '}
            {because}
          </span>
        </li>
      ))}
    </ul>
  )
}
