import { type JobDetail } from '../../../preload/contract/job.ts'
import { isEnded } from '../../../preload/contract/job-state.ts'
import { collectionSentence } from '../../domain/collection.ts'
import { hostKeySentence } from '../../domain/host-key-words.ts'
import { formatDuration, formatTime } from '../../domain/format.ts'
import { inertLine } from '../format/inert.ts'
import type { Style } from '../format/style.ts'
import { tableLines } from '../format/table.ts'
import { endingLines } from './ending-words.ts'
import { offerWords } from './offer-words.ts'
import { ceilingSentence } from './proposal-words.ts'
import { verdictLines } from './verdict-lines.ts'

/** `sublet show`: the job, its ceiling, its machine, its timeline, its end. */
export function detailLines(
  detail: JobDetail,
  providerName: (id: string) => string,
  now: number,
  style: Style,
): readonly string[] {
  const { summary, spec, attempts } = detail
  return [
    style.bold(`${inertLine(summary.name)}  ${summary.id}`),
    `State: ${summary.state}. ${inertLine(summary.progress.sentence)}`,
    ...(summary.offer === null ? [] : [`Machine: ${offerWords(summary.offer)}.`]),
    ...(summary.rentalId === null ? [] : [`Rental: ${summary.rentalId}.`]),
    ...(spec.code === null ? [] : [`Code: ${inertLine(spec.code.path)}`]),
    ...spec.data.map(
      (item) => `Data: ${inertLine(item.path)} as $SUBLET_DATA/${inertLine(item.name)}`,
    ),
    ...(detail.verdict === null ? [] : [ceilingSentence(detail.ceiling, detail.verdict, now)]),
    ...(summary.endBecause === null || summary.endBy === null
      ? []
      : [`Ends ${formatTime(summary.endBy, { near: now })}: ${inertLine(summary.endBecause)}`]),
    ...verdictLines(detail, now, style),
    ...(detail.hostKey === null ? [] : [inertLine(hostKeySentence(detail.hostKey))]),
    ...(detail.collection === null ? [] : [collectionSentence(detail.collection)]),
    ...(attempts.length > 1 ? [`Attempts: ${attempts.length}.`] : []),
    '',
    ...timelineLines(detail, now),
    '',
    ...(isEnded(summary.state)
      ? endingLines(detail, providerName, now, style)
      : endingLines(detail, providerName, now, style).slice(1)),
  ]
}

function timelineLines(detail: JobDetail, now: number): readonly string[] {
  return tableLines(detail.timeline, [
    { title: 'TIME', value: (entry) => formatTime(entry.at, { near: now, seconds: true }) },
    { title: 'STATE', value: (entry) => entry.state },
    {
      title: 'TOOK',
      right: true,
      value: (entry) =>
        entry.until !== null
          ? formatDuration(entry.until - entry.at)
          : isEnded(entry.state)
            ? ''
            : `${formatDuration(now - entry.at)} so far`,
    },
    { title: '', value: (entry) => inertLine(entry.sentence) },
  ])
}
