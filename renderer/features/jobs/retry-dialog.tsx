import { useEffect, useMemo, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { JobSummary } from '../../../preload/contract/job.ts'
import type { Proposal } from '../../../preload/contract/proposal.ts'
import { formatMicros, formatMicrosPerHour } from '../../../main/domain/format.ts'
import { whyNot } from '../../../main/domain/lease.ts'
import { gpuWords } from '../../../main/domain/machine-words.ts'
import { useApp } from '../../app/app-context.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { ClockTime } from '../../ui/time.tsx'
import { createRetrier } from './retrier.ts'
import styles from './retry-dialog.module.css'

/** Says what running the job again would cost, and does it. */
export function RetryDialog({
  job,
  onClose,
}: {
  readonly job: JobSummary
  readonly onClose: () => void
}) {
  const { engine, router } = useApp()
  const retrier = useMemo(() => createRetrier(engine.api, job.id), [engine, job.id])
  useEffect(() => {
    void retrier.propose()
    return retrier.close
  }, [retrier])
  const { proposal, problem, busy, acceptsNoLease } = useStore(retrier.store)
  const launch = async (): Promise<void> => {
    const jobId = await retrier.launch()
    if (jobId === null) return
    onClose()
    router.go({ page: 'job', jobId, params: {} })
  }
  const mayLaunch = proposal !== null && (proposal.verdict.stopsByItself || acceptsNoLease)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Run ${job.name} again`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            busy={busy && proposal !== null}
            disabled={!mayLaunch}
            onClick={() => void launch()}
          >
            Launch
          </Button>
        </>
      }
    >
      {proposal === null ? (
        problem === null ? (
          <Loading what="what it would cost now" />
        ) : null
      ) : (
        <Again proposal={proposal}>
          {proposal.verdict.stopsByItself ? null : (
            <Checkbox
              label="Use a machine that does not stop by itself"
              hint={whyNot(proposal.verdict)}
              checked={acceptsNoLease}
              onChecked={retrier.setAcceptsNoLease}
            />
          )}
        </Again>
      )}
      {problem === null ? null : (
        <ErrorNotice
          sentence={problem.message}
          retrying={busy}
          onRetry={() => void retrier.propose()}
        />
      )}
    </Dialog>
  )
}

function Again({
  proposal,
  children,
}: {
  readonly proposal: Proposal
  readonly children: ReactNode
}) {
  const { ceiling, understood, offers, warnings, verdict } = proposal
  const best = offers[0]
  return (
    <div className={styles['again']}>
      <ul>
        {understood.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {best === undefined ? null : (
        <p>
          {gpuWords(best)} at {formatMicrosPerHour(best.microsPerHour)}, the best offer now. Others
          inside the ceiling are taken if it is gone.
        </p>
      )}
      <p className={styles['ceiling']}>
        At most {formatMicrosPerHour(ceiling.microsPerHour)}, at most {formatMicros(ceiling.micros)}
        , ends <ClockTime at={ceiling.endBy} /> at the latest.
      </p>
      <p>Stops by itself if this computer dies: {verdict.stopsByItself ? 'yes' : 'NO'}.</p>
      {warnings.map((sentence) => (
        <p key={sentence} className={styles['warning']}>
          {sentence}
        </p>
      ))}
      {children}
    </div>
  )
}
