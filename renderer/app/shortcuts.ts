import { useEffect } from 'react'
import type { App } from './app-context.ts'
import { navPages } from './nav-pages.ts'

/** Keys that hold everywhere: Ctrl/Cmd-K, and Ctrl/Cmd with a digit for the pages. */
export function useShortcuts(
  { host, router }: App,
  { openPalette }: { readonly openPalette: () => void },
): void {
  useEffect(() => {
    const take = (event: KeyboardEvent): void => {
      const chord = host.isMac ? event.metaKey : event.ctrlKey
      if (!chord || event.altKey || event.shiftKey) return
      const page = navPages[Number(event.key) - 1]
      if (event.key.toLowerCase() === 'k') openPalette()
      else if (page !== undefined) router.go({ page: page.page, params: {} })
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', take)
    return () => window.removeEventListener('keydown', take)
  })
}
