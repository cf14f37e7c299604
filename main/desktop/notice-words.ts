import type { Notice, NoticeAction, NoticeKind } from '../../preload/contract/overview.ts'
import type { NotificationKind } from '../../preload/contract/settings/notifications.ts'

/** What a button under a notification does, where the system shows buttons. */
export interface NoticeButton {
  readonly label: string
  readonly does: NoticeAction
}

const settingOf: Readonly<Record<NoticeKind, NotificationKind>> = {
  'job-done': 'done',
  'job-failed': 'failed',
  'job-long': 'overdue',
  'gpu-idle': 'gpu-idle',
  'budget-near': 'budget-near',
  'no-lease': 'no-lease',
  leak: 'leak',
}

/** Notices that the user has not heard of and wants to hear of, oldest first. */
export function newNotices(
  notices: readonly Notice[],
  told: ReadonlySet<string>,
  wanted: readonly NotificationKind[],
): readonly Notice[] {
  return notices
    .filter(({ id, kind }) => !told.has(id) && wanted.includes(settingOf[kind]))
    .sort((a, b) => a.at - b.at)
}

/** The page that a notice is about. */
export function noticeRoute({ jobId, kind }: Notice): string {
  if (kind === 'leak') return '/accounts?show=billed'
  if (jobId !== null) return `/jobs/${encodeURIComponent(jobId)}`
  return kind === 'budget-near' ? '/spend' : '/jobs'
}

const labels: Readonly<Record<NoticeAction, string>> = {
  open: 'Show',
  stop: 'Stop the job',
  keep: 'Keep running',
}

/** The buttons of a notice, in its order; what is about no job can only be shown. */
export function noticeButtons({ actions, jobId }: Notice): readonly NoticeButton[] {
  return actions
    .filter((does) => does === 'open' || jobId !== null)
    .map((does) => ({ label: labels[does], does }))
}
