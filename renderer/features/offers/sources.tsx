import type { OfferBookState, BookSourceState } from '../../../preload/contract/offer-view.ts'
import { formatCount } from '../../../main/domain/format.ts'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Dot } from '../../ui/tag.tsx'
import { Age } from '../../ui/time.tsx'
import styles from './sources.module.css'

interface SourcesProps {
  readonly book: OfferBookState
  readonly onRetry: (accountId: string) => void
}

const tones = { loading: 'idle', ok: 'good', stale: 'burn', failed: 'bad' } as const

/** "11 sources live, 1 old, 1 failed", which opens the list of them all. */
export function SourcesSummary({ book, onRetry }: SourcesProps) {
  const count = (state: BookSourceState['state']): number =>
    book.sources.filter((source) => source.state === state).length
  const failed = count('failed')
  const parts = [
    count('ok') > 0 ? `${formatCount(count('ok'), 'source')} live` : '',
    count('loading') > 0 ? `${count('loading')} being read` : '',
    count('stale') > 0 ? `${count('stale')} old` : '',
  ].filter((part) => part !== '')
  return (
    <Popover
      title="Sources of offers"
      align="start"
      trigger={
        <button type="button" className={styles['summary']}>
          {parts.join(', ')}
          {failed === 0 ? null : (
            <>
              {parts.length > 0 ? ', ' : ''}
              <b>{failed} failed</b>
            </>
          )}
        </button>
      }
    >
      <ul className={styles['list']}>
        {book.sources.map((source) => (
          <Source key={source.accountId} source={source} onRetry={onRetry} words="Read again" />
        ))}
      </ul>
    </Popover>
  )
}

/** One line for each source that is not as it should be. Below the table, so that no row moves. */
export function SourceTroubles({ book, onRetry }: SourcesProps) {
  const troubled = book.sources.filter(({ state }) => state !== 'ok')
  if (troubled.length === 0) return null
  return (
    <ul className={styles['troubles']} aria-label="Sources that need attention">
      {troubled.map((source) => (
        <Source key={source.accountId} source={source} onRetry={onRetry} words="Try again" />
      ))}
    </ul>
  )
}

function Source(props: {
  readonly source: BookSourceState
  readonly onRetry: (accountId: string) => void
  readonly words: string
}) {
  const { source, onRetry, words } = props
  const { providerName, accountName, accountId, state, reading, readAt } = source
  const named = accountName === source.providerId ? providerName : `${providerName}, ${accountName}`
  return (
    <li className={styles['source']}>
      <Dot tone={tones[state]} />
      <span className={styles['words']}>
        <b>{named}</b> {state === 'loading' ? 'is being read for the first time…' : source.sentence}{' '}
        {readAt === null ? null : (
          <>
            {state === 'ok'
              ? 'Read '
              : `What is shown of ${formatCount(source.count, 'offer')} was read `}
            <Age at={readAt} />.
          </>
        )}
      </span>
      {state === 'loading' ? null : (
        <Button busy={reading} onClick={() => onRetry(accountId)} aria-label={`${words}: ${named}`}>
          {reading ? 'Reading…' : words}
        </Button>
      )}
    </li>
  )
}
