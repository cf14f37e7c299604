import { useEffect } from 'react'
import type { Router } from './routes.ts'

/** Files that hover over any page bring up the Run page, which takes them. */
export function useDragToRun({ route, go }: Router): void {
  useEffect(() => {
    const enter = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      // Also where nobody takes the drop, the browser must not open the file in place of the page.
      event.preventDefault()
      if (event.type === 'dragenter' && route.getState().page !== 'run') {
        go({ page: 'run', params: {} })
      }
    }
    const kinds = ['dragenter', 'dragover', 'drop'] as const
    for (const kind of kinds) window.addEventListener(kind, enter)
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, enter)
    }
  }, [route, go])
}
