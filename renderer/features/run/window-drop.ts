import { useEffect, useEffectEvent, useState } from 'react'
import type { Host } from '../../host.ts'
import { dropSource } from './drop-source.ts'
import type { RunStore } from './run-state.ts'

/** Takes what is dropped anywhere on the window; answers whether something hovers over it. */
export function useWindowDrop(store: RunStore, host: Host): boolean {
  const [hovering, setHovering] = useState(false)
  const onDrop = useEffectEvent((transfer: DataTransfer) => {
    const paths = [...transfer.files].map((file) => host.native?.pathForFile(file) ?? '')
    const known = paths.filter((path) => path !== '')
    void (known.length > 0 && known.length === paths.length
      ? store.takePaths(known)
      : store.takeDrop(dropSource(transfer)))
  })
  useEffect(() => {
    const left = new AbortController()
    const { signal } = left
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      // Without this the browser would open the file in place of the page.
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setHovering(true)
    }
    window.addEventListener('dragenter', over, { signal })
    window.addEventListener('dragover', over, { signal })
    window.addEventListener(
      'dragleave',
      (event) => {
        if (event.relatedTarget === null) setHovering(false)
      },
      { signal },
    )
    window.addEventListener(
      'drop',
      (event) => {
        if (event.dataTransfer?.types.includes('Files') !== true) return
        event.preventDefault()
        setHovering(false)
        onDrop(event.dataTransfer)
      },
      { signal },
    )
    return () => left.abort()
  }, [])
  return hovering
}
