import { CSPProvider } from '@base-ui/react/csp-provider'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AppContext, type App } from './app/app-context.ts'
import { Frame } from './app/frame.tsx'
import { createRouter } from './app/routes.ts'
import { createThemeControl } from './app/theme.ts'
import { shareTheme } from './app/share-theme.ts'
import { createEngine } from './engine.ts'
import { createHost } from './host.ts'
import { createSettingsStore } from './features/settings/settings-store.ts'
import { createJobsStore } from './stores/jobs-store.ts'
import { createOverviewStore } from './stores/overview-store.ts'
import { createToaster } from './ui/toasts.tsx'
import './ui/base.css'

const host = createHost(window)
const theme = createThemeControl(window, host)
const router = createRouter(window)
host.onNavigate((path) => router.goTo(path))
const engine = createEngine({
  connect: () => host.connect(),
  version: __SUBLET_VERSION__,
  role: host.kind === 'desktop' ? 'window' : 'page',
})
const settings = createSettingsStore(engine)
shareTheme(theme, settings)
const app: App = {
  engine,
  host,
  router,
  theme,
  settings,
  toaster: createToaster(),
  overview: createOverviewStore(engine),
  jobs: createJobsStore(engine),
}

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no element #root.')
createRoot(root).render(
  <StrictMode>
    {/* The policy of the window allows no style elements. */}
    <CSPProvider disableStyleElements>
      <AppContext value={app}>
        <Frame />
      </AppContext>
    </CSPProvider>
  </StrictMode>,
)
