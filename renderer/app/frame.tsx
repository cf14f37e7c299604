import { Tooltip } from '@base-ui/react/tooltip'
import { useState } from 'react'
import { useStore } from 'zustand'
import { Toasts } from '../ui/toasts.tsx'
import { useApp } from './app-context.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { useDragToRun } from './drag-to-run.ts'
import styles from './frame.module.css'
import { Nav } from './nav.tsx'
import { NoticeToasts } from './notice-toasts.tsx'
import { PageErrors } from './page-errors.tsx'
import { PageOf } from './page-of.tsx'
import { Palette } from './palette.tsx'
import { useShortcuts } from './shortcuts.ts'
import { StopEverything } from './stop-everything.tsx'
import { Strip } from './strip.tsx'

/** The window: what is always in sight, and one page. */
export function Frame() {
  const app = useApp()
  const route = useStore(app.router.route)
  const [open, setOpen] = useState<'palette' | 'stop' | null>(null)
  useDragToRun(app.router)
  useShortcuts(app, { openPalette: () => setOpen('palette') })
  const close = (): void => setOpen(null)
  return (
    <Tooltip.Provider delay={400}>
      <div className={styles['app']}>
        <a className={styles['skip']} href="#main" onClick={focusMain}>
          Skip to the page
        </a>
        <Strip onStopEverything={() => setOpen('stop')} />
        <Nav onPalette={() => setOpen('palette')} />
        <main id="main" className={styles['main']} tabIndex={-1}>
          <ConnectionBanner />
          <div className={styles['page']}>
            <PageErrors key={route.page}>
              <PageOf route={route} />
            </PageErrors>
          </div>
        </main>
      </div>
      <Palette open={open === 'palette'} onClose={close} onStopEverything={() => setOpen('stop')} />
      <StopEverything open={open === 'stop'} onClose={close} />
      <NoticeToasts />
      <Toasts toaster={app.toaster} />
    </Tooltip.Provider>
  )
}

/** The address holds the route, so that the anchor itself must not change it. */
function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
