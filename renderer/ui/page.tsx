import type { ReactNode } from 'react'
import styles from './page.module.css'

export interface PageProps {
  readonly title: string
  /** Beside the title: what is being looked at. */
  readonly sub?: ReactNode
  readonly actions?: ReactNode
  /** `fixed` pages scroll inside themselves (tables, logs). */
  readonly layout?: 'scroll' | 'fixed'
  readonly children: ReactNode
}

/** A page: its one heading, its actions, its content. */
export function Page({ title, sub, actions, layout = 'scroll', children }: PageProps) {
  return (
    <div className={`${styles['page']} ${styles[layout]}`}>
      <header className={styles['head']}>
        <h1>{title}</h1>
        <div className={styles['sub']}>{sub}</div>
        <div className={styles['actions']}>{actions}</div>
      </header>
      {children}
    </div>
  )
}

export interface SectionProps {
  readonly title: string
  readonly detail?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A part of a page under a hairline, with its own small heading. */
export function Section({ title, detail, actions, children }: SectionProps) {
  return (
    <section className={styles['section']} aria-label={title}>
      <header className={styles['sectionHead']}>
        <h2>{title}</h2>
        {detail === undefined ? null : <span className={styles['detail']}>{detail}</span>}
        <div className={styles['actions']}>{actions}</div>
      </header>
      {children}
    </section>
  )
}
