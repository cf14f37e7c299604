import type { ReactNode } from 'react'
import type { JobDetail, JobSummary } from '../../../preload/contract/job.ts'
import { formatCount, formatDuration } from '../../../main/domain/format.ts'
import { Disclosure } from '../../ui/disclosure.tsx'
import { Note } from '../../ui/error-notice.tsx'
import { Section } from '../../ui/page.tsx'
import { AttemptList } from './attempt-list.tsx'
import { EstimateTable } from './estimate-table.tsx'
import styles from './job-details.module.css'
import { ReceiptList } from './receipt-list.tsx'
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
  const { verdict, attempts, receipts, warnings, timeline, estimate } = detail
  return (
    <Section title="Details">
      <div className={styles['details']}>
        {warnings.map((sentence) => (
          <Note key={sentence} warn>
            {sentence}
          </Note>
        ))}
        {verdict === null ? null : (
          <Part
            title="Stops by itself if this computer dies"
            gist={summary.endedAt !== null ? 'it has ended' : verdict.stopsByItself ? 'yes' : 'NO'}
          >
            <VerdictList verdict={verdict} ended={summary.endedAt !== null} />
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

function usefulWords({ overhead }: JobDetail): string {
  const { usefulMs, billedMs } = overhead
  if (usefulMs === null || billedMs === null || billedMs === 0) return ''
  const share = Math.round((usefulMs / billedMs) * 100)
  return `${formatDuration(usefulMs)} useful of ${formatDuration(billedMs)} billed, ${share} %`
}

function entryWords({ spec }: JobDetail): string {
  return spec.entry.kind === 'command' ? spec.entry.command : spec.entry.path
}
