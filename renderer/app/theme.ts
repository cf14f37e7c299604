import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Host } from '../host.ts'

export type Theme = 'system' | 'light' | 'dark'

export interface ThemeControl {
  readonly theme: StoreApi<{ readonly theme: Theme }>
  /** Acts at once and is remembered for the next start of this window. */
  set(theme: Theme): void
}

const key = 'sublet.theme'

/** Applies the remembered theme before the first paint. One per window. */
export function createThemeControl(window: Window, host: Host): ThemeControl {
  const stored = window.localStorage.getItem(key)
  const first: Theme = stored === 'light' || stored === 'dark' ? stored : 'system'
  const theme = createStore<{ readonly theme: Theme }>(() => ({ theme: first }))
  const apply = (value: Theme): void => {
    const root = window.document.documentElement
    if (value === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = value
    host.native?.setTheme(value)
  }
  apply(first)
  return {
    theme,
    set: (value) => {
      window.localStorage.setItem(key, value)
      theme.setState({ theme: value })
      apply(value)
    },
  }
}
