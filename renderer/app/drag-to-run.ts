import { useEffect } from 'react'
import type { Router } from './routes.ts'

/** Files that hover over any page bring up the Run page, which takes them. */
export function useDragToRun(router: Router): void {
  useEffect(() => {
    const enter = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      // Also where nobody takes the drop, the browser must not open the file in place of the page.
      event.preventDefault()
      if (event.type === 'dragenter' && router.route.getState().page !== 'run') {
        router.go({ page: 'run', params: {} })
      }
    }
    const kinds = ['dragenter', 'dragover', 'drop'] as const
    for (const kind of kinds) window.addEventListener(kind, enter)
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, enter)
    }
  }, [router])
}
