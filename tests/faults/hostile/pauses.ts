/** The longest time in which this process was busy with one thing and answered nothing else. */
export interface PauseWatch {
  stop(): { readonly longestMs: number; readonly mostRssBytes: number }
}

const everyMs = 10

/**
 * Watches the event loop and the memory. Only the processor's time counts, so that a computer that
 * is busy with other programs is not taken for a pause of ours.
 */
export function watchPauses(): PauseWatch {
  let longestMs = 0
  let mostRssBytes = 0
  let wallMs = performance.now()
  let cpu = process.cpuUsage()
  const look = (): void => {
    const nowMs = performance.now()
    const used = process.cpuUsage(cpu)
    longestMs = Math.max(longestMs, Math.min(nowMs - wallMs, (used.user + used.system) / 1_000))
    mostRssBytes = Math.max(mostRssBytes, process.memoryUsage.rss())
    wallMs = nowMs
    cpu = process.cpuUsage()
  }
  const timer = setInterval(look, everyMs)
  return {
    stop: () => {
      look()
      clearInterval(timer)
      return { longestMs, mostRssBytes }
    },
  }
}
