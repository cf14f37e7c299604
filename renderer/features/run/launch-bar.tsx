import { useEffect, useEffectEvent } from 'react'
import { formatMicros, formatMicrosPerHour, formatTime } from '../../../main/domain/format.ts'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { useNow } from '../../ui/now.ts'
import { Dot, Tag } from '../../ui/tag.tsx'
import styles from './launch-bar.module.css'
import { useRun, useRunParts } from './run-context.ts'
import { whyNotYet } from './run-state.ts'
import { failoverWords, stopWords } from './verdict-words.ts'

const openDialog = ':is([role="dialog"], [role="alertdialog"]):not([aria-modal="false"])'

/** The most that it may cost, whether it stops by itself, and the one way to launch it. */
export function LaunchBar() {
  const { store } = useRunParts()
  const { host, router } = useApp()
  const proposal = useRun((state) => (state.proposal.error === null ? state.proposal.value : null))
  const updating = useRun((state) => state.proposal.updating)
  const launching = useRun((state) => state.launching)
  const problem = useRun((state) => state.launchProblem)
  const accepted = useRun((state) => state.acceptsNoLease)
  const reason = useRun(whyNotYet)
  const launch = async (): Promise<void> => {
    const jobId = await store.launch()
    if (jobId !== null) router.go({ page: 'job', jobId, params: {} })
  }
  useLaunchKey(() => void launch())
  const isNo = proposal !== null && !proposal.verdict.stopsByItself
  return (
    <section className={styles['bar']} aria-label="Launch">
      <div className={styles['words']}>
        {proposal === null ? (
          <b className={styles['none']}>{reason ?? ''}</b>
        ) : (
          <Confirmed proposal={proposal} isOld={updating} />
        )}
        {isNo ? (
          <Checkbox
            label="Rent it all the same: it goes on costing money until somebody ends it"
            checked={accepted}
            onChecked={(yes) => store.accept(yes)}
          />
        ) : null}
        {problem === null ? null : (
          <p className={styles['problem']} role="alert">
            Nothing was launched. {problem}
          </p>
        )}
      </div>
      <div className={styles['end']}>
        <Button
          look="primary"
          busy={launching}
          disabled={reason !== null}
          aria-describedby="launch-hint"
          onClick={() => void launch()}
        >
          {launching ? 'Launching …' : problem === null ? 'Launch' : 'Launch again'}
        </Button>
        <span id="launch-hint" className={styles['hint']}>
          {reason !== null && proposal !== null ? (
            reason
          ) : (
            <>
              <Kbd>{host.isMac ? '⌘ ↵' : 'Ctrl ↵'}</Kbd>
            </>
          )}
        </span>
      </div>
    </section>
  )
}

function Confirmed({ proposal, isOld }: { readonly proposal: Proposal; readonly isOld: boolean }) {
  const now = useNow()
  const wanted = useRun((state) => state.draft.wantedOfferId)
  const { ceiling, verdict, options, chosenOfferId, budgetLimit } = proposal
  const chosen = options.find(({ offer }) => offer.id === chosenOfferId)
  const ends = formatTime(ceiling.endBy, { near: now })
  return (
    <div className={isOld ? styles['old'] : undefined}>
      <p className={styles['ceiling']}>
        <b>
          At most {formatMicrosPerHour(ceiling.microsPerHour)}, at most{' '}
          {formatMicros(ceiling.micros)}, ends {ends} at the latest.
        </b>
        {chosen?.offer.simulated === true ? <Tag>simulated: no money is spent</Tag> : null}
      </p>
      {budgetLimit === null ? null : (
        <p className={budgetLimit.missingMicros > 0 ? styles['no'] : styles['verdict']}>
          <Dot tone={budgetLimit.missingMicros > 0 ? 'bad' : 'burn'} />
          <span>{budgetLimit.sentence}</span>
        </p>
      )}
      <p className={verdict.stopsByItself ? styles['verdict'] : styles['no']}>
        <Dot tone={verdict.stopsByItself ? 'good' : 'bad'} />
        <span>
          {stopWords(verdict)}{' '}
          {verdict.stopsByItself ? failoverWords(wanted === chosenOfferId) : ''}
        </span>
      </p>
    </div>
  )
}

/** Ctrl or Cmd with Enter, from anywhere on the page. */
function useLaunchKey(launch: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return
    // A dialog that is open has its own answer to give; a toast has none.
    if (document.querySelector(openDialog) !== null) return
    event.preventDefault()
    launch()
  })
  useEffect(() => {
    const left = new AbortController()
    window.addEventListener('keydown', (event) => onKey(event), { signal: left.signal })
    return () => left.abort()
  }, [])
}
