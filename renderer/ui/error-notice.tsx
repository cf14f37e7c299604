import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './notice.module.css'

export interface ErrorNoticeProps {
  /** What happened, where, and what to do. */
  readonly sentence: string
  readonly onRetry?: () => void
  readonly retrying?: boolean
  readonly retryWords?: string
  readonly children?: ReactNode
}

/** An error in its place, with its retry. */
export function ErrorNotice(props: ErrorNoticeProps) {
  const { sentence, onRetry, retrying = false, retryWords = 'Try again', children } = props
  return (
    <div className={`${styles['notice']} ${styles['bad']}`} role="alert">
      <TriangleAlert size={15} aria-hidden />
      <div className={styles['words']}>
        {sentence}
        {children}
      </div>
      {onRetry === undefined ? null : (
        <Button busy={retrying} onClick={onRetry}>
          {retryWords}
        </Button>
      )}
    </div>
  )
}

/** Something to know before going on; `warn` where money or results are at stake. */
export function Note({
  children,
  warn = false,
}: {
  readonly children: ReactNode
  readonly warn?: boolean
}) {
  return (
    <div className={`${styles['notice']} ${warn ? styles['warn'] : styles['plain']}`} role="note">
      {warn ? <TriangleAlert size={15} aria-hidden /> : null}
      <div className={styles['words']}>{children}</div>
    </div>
  )
}
