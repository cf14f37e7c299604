import { useEffect, useRef } from 'react'
import type { Notice, NoticeAction } from '../../preload/contract/overview.ts'
import { toSubletError } from '../../main/domain/errors.ts'
import { useStore } from 'zustand'
import { useApp } from './app-context.ts'
import type { Route } from './routes.ts'

const labels: Readonly<Record<NoticeAction, string>> = {
  stop: 'Stop',
  keep: 'Keep running',
  open: 'Open',
}

/** Says each notice once in the window; on the desktop the system's notifications say it too. */
export function NoticeToasts() {
  const { overview: store, toaster, router, engine } = useApp()
  const notices = useStore(store, (state) => state.overview?.notices ?? null)
  const said = useRef<Set<string> | null>(null)
  useEffect(() => {
    if (notices === null) return
    // What was there when the window opened has been said before, or is in sight on its page.
    const known = (said.current ??= new Set(notices.map((notice) => notice.id)))
    for (const notice of notices) {
      if (known.has(notice.id)) continue
      known.add(notice.id)
      const { jobId } = notice
      const route = router.route.getState()
      // Its own page and the list say it, and a toast would cover them.
      const isInSight = route.page === 'jobs' || (route.page === 'job' && route.jobId === jobId)
      if (isInSight && (notice.kind === 'job-done' || notice.kind === 'job-failed')) continue
      if (route.page === 'accounts' && notice.kind === 'leak') continue
      const show = (): void => router.go(placeOf(notice))
      const does: Readonly<Record<NoticeAction, () => void>> = {
        open: show,
        keep: () => void act(engine.api.system.muteNotice({ noticeId: notice.id })),
        stop: () => {
          if (jobId !== null) void act(engine.api.jobs.stop({ jobId, discard: false }))
        },
      }
      const act = async (asked: Promise<unknown>): Promise<void> => {
        try {
          await asked
        } catch (thrown) {
          toaster.add({ title: 'That did not work', description: toSubletError(thrown).message })
        }
      }
      const mayAct = jobId !== null && notice.actions.includes('stop')
      toaster.add({
        title: notice.title,
        description: notice.sentence,
        // What asks for a decision stays until there is one.
        ...(mayAct
          ? {
              timeout: 0,
              data: {
                buttons: notice.actions.map((action) => ({
                  label: labels[action],
                  onClick: does[action],
                })),
              },
            }
          : isShown(notice)
            ? { actionProps: { children: 'Show', onClick: show } }
            : {}),
      })
    }
  }, [notices, toaster, router, engine])
  return null
}

/** Whether there is a page that says more. */
function isShown({ jobId, kind }: Notice): boolean {
  return jobId !== null || kind === 'budget-near' || kind === 'leak'
}

/** The page that a notice is about. */
function placeOf({ kind, jobId }: Notice): Route {
  if (kind === 'leak') return { page: 'accounts', params: { show: 'billed' } }
  return jobId === null ? { page: 'spend', params: {} } : { page: 'job', jobId, params: {} }
}
