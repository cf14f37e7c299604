import type { ErrorCode } from '../../../preload/contract/errors.ts'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import { formatCount, formatMicros } from '../../../main/domain/format.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNotice, Note } from '../../ui/error-notice.tsx'
import { costScale } from './cost-scale.ts'
import { hasWork } from './draft.ts'
import styles from './offers-panel.module.css'
import { OptionRow } from './option-row.tsx'
import { plainWords } from './plain-words.ts'
import { collectionSentence } from '../../../main/domain/collection.ts'
import { Reckoning } from './reckoning.tsx'
import { useRun, useRunParts } from './run-context.ts'
import { SpeedSlider } from './speed-slider.tsx'

/** A source that does not answer now says nothing against what it answered before. */
const mayStay: ReadonlySet<ErrorCode> = new Set(['unreachable', 'unavailable', 'rate-limited'])

/** Where the job would run: the best offers for it, on one scale of what finishing costs. */
export function OffersPanel() {
  const { store } = useRunParts()
  const { value: latest, updating, error: told } = useRun((state) => state.proposal)
  // An answer to what the fields said before would blame the wrong one.
  const error = useRun(({ problems }) => Object.keys(problems).length > 0) ? null : told
  const unclear = useRun((state) => state.understanding.error !== null)
  const isReady = useRun((state) => hasWork(state.draft))
  // Offers for another question would look like an answer to this one.
  const value = told === null || mayStay.has(told.code) ? latest : null
  return (
    <section className={styles['panel']} aria-label="Where it will run" aria-busy={updating}>
      <header className={styles['head']}>
        <h2>Where it will run</h2>
        <span className={styles['detail']}>{basis(value)}</span>
        <span className={styles['updating']} aria-live="polite">
          {value === null ? '' : updating ? 'updating …' : error === null ? '' : 'as of before'}
        </span>
      </header>
      {error === null || unclear ? null : (
        <ErrorNotice
          sentence={plainWords(error.message)}
          onRetry={() => store.refresh()}
          retrying={updating}
        />
      )}
      {value === null ? (
        error === null || unclear ? (
          <p className={styles['waiting']} role="status">
            {waitingWords(isReady, unclear, updating)}
          </p>
        ) : null
      ) : (
        <div>
          <Options proposal={value} />
        </div>
      )}
    </section>
  )
}

function Options({ proposal }: { readonly proposal: Proposal }) {
  const { store } = useRunParts()
  const { router } = useApp()
  const names = useRun((state) => state.providerNames)
  const wanted = useRun((state) => state.draft.wantedOfferId)
  const {
    options,
    chosenOfferId,
    offersTotal,
    warm,
    wantedProblem,
    sources,
    estimate,
    collection,
  } = proposal
  const scale = costScale(options.map((one) => one.estimate))
  const more = offersTotal - options.length
  const failed = sources.filter((source) => !source.ok)
  // A click shows at once; the engine's answer for it comes a moment later.
  const chosenId = options.some(({ offer }) => offer.id === wanted) ? wanted : chosenOfferId
  return (
    <>
      {wantedProblem === null || wanted === '' ? null : (
        <Note warn>{plainWords(wantedProblem)}</Note>
      )}
      <div role="radiogroup" aria-label="Offers">
        {options.map((option, index) => (
          <OptionRow
            key={option.offer.id}
            option={option}
            scale={scale}
            chosen={option.offer.id === chosenId}
            isWarm={warm !== null && index === 0}
            providerName={names[option.offer.providerId] ?? option.offer.providerId}
            onChoose={() => store.edit({ wantedOfferId: option.offer.id })}
          />
        ))}
      </div>
      <p className={styles['axis']}>
        <span>
          bars from {formatMicros(scale.fromMicros)} to {formatMicros(scale.toMicros)}
          {scale.kind === 'logarithmic' ? ', logarithmic' : ''}; the mark is what is expected
        </span>
      </p>
      <div className={styles['foot']}>
        <SpeedSlider />
        <span className={styles['end']}>
          {wanted === '' ? null : (
            <Button look="quiet" onClick={() => store.edit({ wantedOfferId: '' })}>
              Take the best
            </Button>
          )}
          {more > 0 ? (
            <Button look="quiet" onClick={() => router.go({ page: 'offers', params: {} })}>
              {formatCount(more, 'more fits', 'more fit')}
            </Button>
          ) : null}
        </span>
      </div>
      <p className={styles['collection']}>{collectionSentence(collection)}</p>
      <div className={styles['reckoning']}>
        <Reckoning estimate={estimate} />
      </div>
      {failed.map((source) => (
        <Note key={source.accountId} warn>
          {plainWords(source.sentence)}
        </Note>
      ))}
    </>
  )
}

function waitingWords(isReady: boolean, unclear: boolean, updating: boolean): string {
  if (!isReady) return 'Choose what to run, and the best offers for it stand here.'
  if (unclear) return 'The best offers stand here as soon as it is clear what to run.'
  if (updating) return 'Asking every account for its prices …'
  return 'Prices come as soon as every field can be read.'
}

function basis(proposal: Proposal | null): string {
  if (proposal === null) return ''
  const { earlierRuns } = proposal
  return earlierRuns === 0
    ? 'cost to finish, length not known yet'
    : `cost to finish, from ${formatCount(earlierRuns, 'earlier run')}`
}
