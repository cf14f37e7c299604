import type { Overview } from '../../preload/contract/overview.ts'
import { formatMicrosPerMonth } from '../../main/domain/format.ts'
import { unusedWords } from '../../main/domain/radar/words.ts'
import { Dot } from '../ui/tag.tsx'
import { useApp } from './app-context.ts'
import styles from './strip-verdict.module.css'

/** A red mark while something costs money that nothing needs; leads to the list of it. */
export function StripLeak({ overview: { radar } }: { readonly overview: Overview }) {
  const { router } = useApp()
  const sentence = unusedWords(radar)
  if (sentence === null) return null
  const { real, practice } = radar
  const count = real.unused.count + practice.unused.count
  const money = real.unused.count > 0 ? real.unused : practice.unused
  const cost =
    money.unpriced === money.count ? 'price unknown' : formatMicrosPerMonth(money.microsPerMonth)
  return (
    <button
      type="button"
      className={`${styles['button']} ${styles['leak']}`}
      title={sentence}
      onClick={() => router.go({ page: 'accounts', params: { show: 'billed' } })}
    >
      <Dot tone="bad" />
      <span className={styles['words']}>
        {count} unused
        <span className={styles['cost']}>
          , {cost}
          {real.unused.count === 0 ? ' practice money' : ''}
        </span>
      </span>
    </button>
  )
}
