import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

export interface EmptyStateProps {
  readonly title: string
  /** The next step, in one or two sentences. */
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div className={styles['empty']}>
      <p className={styles['title']}>{title}</p>
      {children === undefined ? null : <div className={styles['words']}>{children}</div>}
      {actions === undefined ? null : <div className={styles['actions']}>{actions}</div>}
    </div>
  )
}

/** A quiet line while something is being fetched; appears only when it takes a moment. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className={styles['loading']} role="status">
      Loading {what}…
    </p>
  )
}
