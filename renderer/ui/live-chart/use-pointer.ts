import {
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
} from 'react'
import type { ScrubStore } from './scrub-store.ts'
import type { SeriesRing } from './series-ring.ts'

/** A drag shorter than this is a click. */
const leastDragPx = 6

/** What the pointer reads of its chart and tells it; read anew at every event. */
export interface PointerTarget {
  readonly ring: SeriesRing
  /** The window of time on show now. */
  readonly windowOf: () => { readonly fromAt: number; readonly toAt: number }
  readonly scrub: ScrubStore
  /** A stretch of time was dragged over; null asks for the range before. */
  readonly onZoom: (range: { readonly fromAt: number; readonly toAt: number } | null) => void
}

interface Handlers {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void
  readonly onPointerCancel: () => void
  readonly onPointerLeave: () => void
  readonly onDoubleClick: (event: MouseEvent<HTMLElement>) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onBlur: () => void
}

/** Pointer and keys of a chart: both move the one cross-hair, a drag chooses a stretch of time. */
export function usePointer(
  nowRef: RefObject<PointerTarget>,
  source: string,
  plotRef: RefObject<HTMLDivElement | null>,
  dragRef: RefObject<HTMLDivElement | null>,
): Handlers {
  const downAtRef = useRef<number | null>(null)

  const place = (clientX: number): { readonly x: number; readonly at: number } => {
    const { left, width } = plotRef.current?.getBoundingClientRect() ?? { left: 0, width: 1 }
    const x = Math.min(width, Math.max(0, clientX - left))
    const { fromAt, toAt } = nowRef.current.windowOf()
    return { x, at: Math.round(fromAt + (x / Math.max(1, width)) * (toAt - fromAt)) }
  }
  const leaveDrag = (): void => {
    downAtRef.current = null
    if (dragRef.current !== null) dragRef.current.hidden = true
  }
  const pointAt = (at: number): void => nowRef.current.scrub.point(at, source)

  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return
      downAtRef.current = event.clientX
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove: (event) => {
      const here = place(event.clientX)
      pointAt(here.at)
      const area = dragRef.current
      if (downAtRef.current === null || area === null) return
      const from = place(downAtRef.current).x
      area.hidden = Math.abs(here.x - from) < leastDragPx
      area.style.transform = `translateX(${Math.min(from, here.x)}px)`
      area.style.width = `${Math.abs(here.x - from)}px`
    },
    onPointerUp: (event) => {
      const from = downAtRef.current
      leaveDrag()
      if (from === null || Math.abs(event.clientX - from) < leastDragPx) return
      const [a, b] = [place(from).at, place(event.clientX).at]
      nowRef.current.onZoom({ fromAt: Math.min(a, b), toAt: Math.max(a, b) })
    },
    onPointerCancel: leaveDrag,
    onPointerLeave: () => nowRef.current.scrub.leave(source),
    onDoubleClick: () => nowRef.current.onZoom(null),
    onKeyDown: (event) => {
      const { ring, scrub, windowOf, onZoom } = nowRef.current
      const { fromAt, toAt } = windowOf()
      const { at } = scrub.getState()
      const row = ring.nearest(at ?? toAt)
      const step = event.shiftKey ? 10 : 1
      const target =
        event.key === 'ArrowLeft'
          ? row - step
          : event.key === 'ArrowRight'
            ? row + step
            : event.key === 'Home'
              ? ring.nearest(fromAt)
              : event.key === 'End'
                ? ring.nearest(toAt)
                : null
      if (target !== null && row >= 0) {
        pointAt(ring.timeAt(Math.max(0, Math.min(ring.length - 1, target))))
      } else if (event.key === 'Escape') {
        scrub.leave(source)
        onZoom(null)
      } else return
      event.preventDefault()
    },
    onBlur: () => nowRef.current.scrub.leave(source),
  }
}
