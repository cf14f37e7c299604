import { formatCount } from '../../../main/domain/format.ts'
import type { FindState } from './find-store.ts'
import styles from './log-view.module.css'

/** `1,204 places`, then `3 of 1,204`, growing while the scan goes on. */
export function FindCount({ state }: { readonly state: FindState }) {
  return (
    <span className={styles['count']} role="status">
      {words(state)}
    </span>
  )
}

function words({ found, current, scanning, problem }: FindState): string {
  if (problem !== null) return problem.message
  const more = scanning ? '…' : ''
  if (found === null || found === 0) return scanning ? 'searching…' : 'not found'
  const places = formatCount(found, 'place')
  if (current === null) return `${places}${more}`
  const [number = ''] = places.split(' ')
  return `${formatCount(current + 1, 'place').split(' ')[0]} of ${number}${more}`
}
