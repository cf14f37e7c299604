import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let shownAt = Date.now()

function tick(): void {
  shownAt = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time of this computer, epoch ms, new every second: for ages and for what still runs. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => shownAt)
}
