import type { ReactNode } from 'react'
import styles from './tag.module.css'

export type Tone = 'plain' | 'good' | 'burn' | 'bad'

/** A word about the state of what stands beside it. */
export function Tag({
  children,
  tone = 'plain',
}: {
  readonly children: ReactNode
  readonly tone?: Tone
}) {
  return <span className={`${styles['tag']} ${styles[tone]}`}>{children}</span>
}

/** A coloured dot; always beside words that say the same. */
export function Dot({ tone }: { readonly tone: 'good' | 'bad' | 'burn' | 'idle' }) {
  return <span className={`${styles['dot']} ${styles[`dot-${tone}`]}`} aria-hidden />
}
