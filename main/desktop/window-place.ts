/** A rectangle in screen points. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowPlace {
  /** Null lets the system choose where. */
  readonly bounds: Rectangle | null
  readonly isMaximised: boolean
}

export const smallest = { width: 900, height: 600 } as const
export const usual = { width: 1_280, height: 800 } as const

/** How much of the window has to be on a screen to be grasped. */
const graspable = 80

/**
 * Where the window goes: as it was left, unless its title bar would be on no screen that there is
 * now; never larger than the screen or smaller than it can work.
 */
export function placeWindow(left: WindowPlace, screens: readonly Rectangle[]): Partial<Rectangle> {
  const { bounds } = left
  if (bounds === null) return usual
  const screen = screens.find(
    (area) =>
      bounds.x + bounds.width >= area.x + graspable &&
      bounds.x <= area.x + area.width - graspable &&
      bounds.y >= area.y - graspable / 4 &&
      bounds.y <= area.y + area.height - graspable,
  )
  const width = Math.max(smallest.width, Math.min(bounds.width, screen?.width ?? usual.width))
  const height = Math.max(smallest.height, Math.min(bounds.height, screen?.height ?? usual.height))
  return screen === undefined ? { width, height } : { x: bounds.x, y: bounds.y, width, height }
}
