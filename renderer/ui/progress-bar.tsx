import styles from './progress-bar.module.css'

/** A thin bar, 0 to 1, with its words for assistive technology. */
export function ProgressBar({
  fraction,
  label,
  tone = 'accent',
}: {
  readonly fraction: number
  readonly label: string
  readonly tone?: 'accent' | 'burn' | 'danger'
}) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100)
  return (
    <div
      className={styles['bar']}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div className={styles[tone]} style={{ width: `${percent}%` }} />
    </div>
  )
}
