import { Notification } from 'electron'
import type { Notice } from '../../preload/contract/overview.ts'
import { newNotices, noticeButtons, noticeRoute } from './notice-words.ts'
import type { Remembered } from './remembered.ts'
import type { DesktopState } from './state.ts'

export interface NoticeReaderOptions {
  readonly remembered: Remembered
  readonly open: (route: string) => void
  readonly stopJob: (jobId: string) => void
  /** The user lets the job go on and wants to hear no more of it. */
  readonly mute: (noticeId: string) => void
  /** The user looks at the window, which shows notices itself. */
  readonly isLookedAt: () => boolean
}

const mostAtOnce = 5

/** Says each notice once by the system's notifications, unless the window has said it. */
export class NoticeReader {
  readonly #options: NoticeReaderOptions
  /** What is on the screen: a notification that nobody holds loses its click. */
  readonly #shown = new Set<Notification>()

  constructor(options: NoticeReaderOptions) {
    this.#options = options
  }

  read({ overview, settings }: DesktopState): void {
    const { remembered, isLookedAt } = this.#options
    if (overview === null || settings === null) return
    const told = remembered.values.toldNotices
    const fresh = newNotices(overview.notices, new Set(told), settings.notifications)
    if (fresh.length === 0) return
    remembered.keep({ toldNotices: [...told, ...fresh.map(({ id }) => id)] })
    if (isLookedAt() || !Notification.isSupported()) return
    for (const notice of fresh.slice(-mostAtOnce)) this.#show(notice)
  }

  #show(notice: Notice): void {
    const { open, stopJob, mute } = this.#options
    const actions = noticeButtons(notice)
    const notification = new Notification({
      title: notice.title,
      body: notice.sentence,
      // Other systems ignore buttons.
      actions: actions.map(({ label }) => ({ type: 'button' as const, text: label })),
    })
    const forget = (): void => void this.#shown.delete(notification)
    const show = (): void => open(noticeRoute(notice))
    notification.on('click', show)
    notification.on('action', (_event, index) => {
      const does = actions[index]?.does
      if (does === 'stop' && notice.jobId !== null) stopJob(notice.jobId)
      else if (does === 'keep') mute(notice.id)
      else show()
    })
    notification.on('close', forget)
    notification.on('failed', forget)
    this.#shown.add(notification)
    notification.show()
  }
}
