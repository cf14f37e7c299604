import type { ReactNode } from 'react'
import type { JobDetail, JobSummary } from '../../../preload/contract/job.ts'
import type { StopVerdict } from '../../../preload/contract/rental.ts'
import { formatCount, formatDuration, formatTime } from '../../../main/domain/format.ts'
import { hostKeySentence } from '../../../main/domain/host-key-words.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import facts from '../../ui/facts.module.css'
import { Note } from '../../ui/error-notice.tsx'
import { useNow } from '../../ui/now.ts'
import { Section } from '../../ui/page.tsx'
import { AttemptList } from './attempt-list.tsx'
import { EstimateTable } from './estimate-table.tsx'
import styles from './job-details.module.css'
import { ReceiptList } from '../../ui/receipt-list.tsx'
import { SpecList } from './spec-list.tsx'
import { TimelineList } from './timeline-list.tsx'
import { VerdictList } from './verdict-list.tsx'

/** What is behind the page: folded, each with its gist beside its name. */
export function JobDetails({
  detail,
  summary,
}: {
  readonly detail: JobDetail
  readonly summary: JobSummary
}) {
  const now = useNow()
  const { verdict, attempts, receipts, warnings, timeline, estimate } = detail
  return (
    <Section title="Details">
      <div className={styles['details']}>
        {warnings.map((sentence) => (
          <Note key={sentence} warn>
            {sentence}
          </Note>
        ))}
        {summary.rentalId === null ? null : (
          <Part
            title="Stops by itself if this computer dies"
            gist={verdictGist(summary, verdict, now)}
          >
            {verdict === null ? (
              <p>The machine is asked at the first contact.</p>
            ) : (
              <VerdictList verdict={verdict} ended={isGone(summary)} />
            )}
          </Part>
        )}
        {receipts.length === 0 ? null : (
          <Part title="Receipts" gist={formatCount(receipts.length, 'machine')}>
            <ReceiptList receipts={receipts} machine={summary.machine} />
          </Part>
        )}
        {estimate === null ? null : (
          <Part title="Estimate beside actual" gist={usefulWords(detail)}>
            <EstimateTable detail={detail} summary={summary} estimate={estimate} />
          </Part>
        )}
        <Part title="Timeline" gist={formatCount(timeline.length, 'step')}>
          <TimelineList timeline={timeline} />
        </Part>
        <Part title="Attempts" gist={formatCount(attempts.length, 'attempt')}>
          <AttemptList attempts={attempts} />
          {detail.hostKey === null ? null : (
            <p className={facts['dim']}>{hostKeySentence(detail.hostKey)}</p>
          )}
        </Part>
        <Part title="What was understood" gist={entryWords(detail)}>
          <SpecList detail={detail} />
        </Part>
      </div>
    </Section>
  )
}

function Part({
  title,
  gist,
  children,
}: {
  readonly title: string
  readonly gist: string
  readonly children: ReactNode
}) {
  return (
    <Disclosure title={title} summary={gist}>
      <div className={styles['inside']}>{children}</div>
    </Disclosure>
  )
}

/** A job that has ended may have left its machine warm, which still has its end. */
function isGone({ endedAt, settled }: JobSummary): boolean {
  return endedAt !== null && settled
}

function verdictGist(summary: JobSummary, verdict: StopVerdict | null, now: number): string {
  if (isGone(summary)) return 'it has ended'
  if (verdict === null) return 'not read back yet'
  if (!verdict.stopsByItself) return 'NO'
  return verdict.endsAt === null ? 'yes' : `yes, at ${formatTime(verdict.endsAt, { near: now })}`
}

function usefulWords({ overhead }: JobDetail): string {
  const { usefulMs, billedMs } = overhead
  if (usefulMs === null || billedMs === null || billedMs === 0) return ''
  const share = Math.round((usefulMs / billedMs) * 100)
  return `${formatDuration(usefulMs)} useful of ${formatDuration(billedMs)} billed, ${share} %`
}

function entryWords({ spec }: JobDetail): string {
  return spec.entry.kind === 'command' ? spec.entry.command : spec.entry.path
}
