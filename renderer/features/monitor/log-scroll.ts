/** Height of a line that is not wrapped. */
export const rowPx = 18

/** Browsers hold no element much higher; longer logs scroll by share instead of by pixel. */
const mostPx = 12_000_000

export interface ScrollRoom {
  readonly lines: number
  readonly viewportPx: number
  /** Wrapped lines have no common height, so that the bar counts lines. */
  readonly wrapped: boolean
}

/** How high the scrolled content says it is. */
export function spacerPx({ lines, viewportPx }: ScrollRoom): number {
  return Math.max(viewportPx, Math.min(lines * rowPx, mostPx))
}

/** Whether a pixel of the bar is worth more than a pixel of the log, or lines have no height. */
export function isScaled({ lines, wrapped }: ScrollRoom): boolean {
  return wrapped || lines * rowPx > mostPx
}

/** The largest first line: the last one then stands at the bottom. */
export function lastTop({ lines, viewportPx }: ScrollRoom): number {
  return Math.max(0, lines - viewportPx / rowPx)
}

/** The first line in sight, with its fraction, at a position of the scroll bar. */
export function topAt(room: ScrollRoom, scrollTop: number): number {
  const most = spacerPx(room) - room.viewportPx
  if (most <= 0) return 0
  return Math.min(1, Math.max(0, scrollTop / most)) * lastTop(room)
}

/** The position of the scroll bar at which a line is the first in sight. */
export function scrollAt(room: ScrollRoom, top: number): number {
  const last = lastTop(room)
  if (last <= 0) return 0
  return (Math.min(last, Math.max(0, top)) / last) * (spacerPx(room) - room.viewportPx)
}
