import { createContext, use } from 'react'
import type { Engine } from '../engine.ts'
import type { Host } from '../host.ts'
import type { SettingsStore } from '../features/settings/settings-store.ts'
import type { JobsStore } from '../stores/jobs-store.ts'
import type { OverviewStore } from '../stores/overview-store.ts'
import type { Toaster } from '../ui/toasts.tsx'
import type { Router } from './routes.ts'
import type { ThemeControl } from './theme.ts'

/** What every page may use; put together once in `main.tsx`. */
export interface App {
  readonly engine: Engine
  readonly host: Host
  readonly router: Router
  readonly theme: ThemeControl
  readonly settings: SettingsStore
  readonly toaster: Toaster
  readonly overview: OverviewStore
  readonly jobs: JobsStore
}

export const AppContext = createContext<App | null>(null)

/** The window's parts. Throws outside of the application, which no component is. */
export function useApp(): App {
  const app = use(AppContext)
  if (app === null) throw new Error('There is no application around this component.')
  return app
}
