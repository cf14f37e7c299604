import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useApp } from './app-context.ts'

/** Says each notice once in the window; on the desktop the system's notifications say it too. */
export function NoticeToasts() {
  const { overview: store, toaster, router } = useApp()
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
      toaster.add({
        title: notice.title,
        description: notice.sentence,
        ...(jobId === null
          ? {}
          : {
              actionProps: {
                children: 'Show',
                onClick: () => router.go({ page: 'job', jobId, params: {} }),
              },
            }),
      })
    }
  }, [notices, toaster, router])
  return null
}
