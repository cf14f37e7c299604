/** Work of one frame: leaves half of it to the browser. */
const budgetMs = 6
/** A key's work is done at most ten times a second. */
const everyMs = 100

export interface FrameQueue {
  /** Asks for work in one of the next frames; asked twice, it is done once. */
  ask(key: string, work: () => void): void
  stop(): void
}

/** Spreads the drawing of several charts over frames, so that none of them takes long. */
export function createFrameQueue(window: Window): FrameQueue {
  const waiting = new Map<string, () => void>()
  const doneAt = new Map<string, number>()
  let frame = 0
  const run = (): void => {
    frame = 0
    const began = performance.now()
    for (const [key, work] of waiting) {
      const now = performance.now()
      if (now - began > budgetMs) break
      if (now - (doneAt.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) continue
      waiting.delete(key)
      doneAt.set(key, now)
      work()
    }
    if (waiting.size > 0) frame = window.requestAnimationFrame(run)
  }
  return {
    ask: (key, work) => {
      waiting.set(key, work)
      if (frame === 0) frame = window.requestAnimationFrame(run)
    },
    stop: () => {
      window.cancelAnimationFrame(frame)
      frame = 0
      waiting.clear()
    },
  }
}
