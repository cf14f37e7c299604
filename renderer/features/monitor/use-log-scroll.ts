import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'
import { isScaled, rowPx, scrollAt, topAt, type ScrollRoom } from './log-scroll.ts'
import type { LogState, LogStore } from './log-store.ts'

/**
 * Keeps the scroll bar and the store's first line in step, both ways. Where the bar is too coarse
 * to point at lines, the wheel moves by lines and the bar follows.
 */
export function useLogScroll(
  store: LogStore,
  scrollerRef: RefObject<HTMLDivElement | null>,
  { top, extent, viewportPx, wrapped }: LogState,
): void {
  // The position that was set from here: its own event is no news.
  const setRef = useRef(-1)
  const lines = extent?.lines ?? 0

  useEffect(() => {
    const element = scrollerRef.current
    if (element === null) return
    const measure = (): void => store.setViewport(element.clientHeight)
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    const scrolled = (): void => {
      // Another height moves the bar before it is told of: nobody scrolled, so the end stays in sight.
      if (element.clientHeight !== store.getState().viewportPx) {
        measure()
        return
      }
      if (Math.abs(element.scrollTop - setRef.current) < 1.5) return
      setRef.current = -1
      store.scrollTo(topAt(roomOf(store.getState()), element.scrollTop))
    }
    const wheel = (event: WheelEvent): void => {
      const state = store.getState()
      if (event.deltaY === 0 || event.ctrlKey || !isScaled(roomOf(state))) return
      event.preventDefault()
      const px = event.deltaMode === 1 ? event.deltaY * rowPx : event.deltaY
      store.scrollTo(state.top + px / rowPx)
    }
    element.addEventListener('scroll', scrolled, { passive: true })
    element.addEventListener('wheel', wheel, { passive: false })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', scrolled)
      element.removeEventListener('wheel', wheel)
    }
  }, [store, scrollerRef])

  useLayoutEffect(() => {
    const element = scrollerRef.current
    if (element === null) return
    const wanted = scrollAt({ lines, viewportPx, wrapped }, top)
    if (Math.abs(element.scrollTop - wanted) < 1) return
    element.scrollTop = wanted
    setRef.current = element.scrollTop
  }, [scrollerRef, top, lines, viewportPx, wrapped])
}

function roomOf({ extent, viewportPx, wrapped }: LogState): ScrollRoom {
  return { lines: extent?.lines ?? 0, viewportPx, wrapped }
}
