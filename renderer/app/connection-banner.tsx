import { useStore } from 'zustand'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useApp } from './app-context.ts'
import styles from './connection-banner.module.css'

const quietTries = 2

/** Says that the engine does not answer, that jobs go on, and offers to try now. */
export function ConnectionBanner() {
  const { engine } = useApp()
  const link = useStore(engine.link)
  // A restart of the engine takes a moment; nobody needs to hear of it.
  if (link.kind !== 'lost' || link.tries < quietTries) return null
  return (
    <div className={styles['banner']}>
      <ErrorNotice
        sentence={`What you see may be old. ${link.error.message} Machines keep their leases, and Sublet keeps trying.`}
        onRetry={() => engine.retryNow()}
        retryWords="Connect now"
      />
    </div>
  )
}
