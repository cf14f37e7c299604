/** Runs `work` several times and answers the median in milliseconds. */
export function medianMs(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const before = performance.now()
    work()
    return performance.now() - before
  }).sort((a, b) => a - b)
  return times[Math.floor(times.length / 2)] ?? Number.NaN
}

/** Prints one figure, beside what it should reach where that is said. */
export function report(what: string, ms: number, reachMs?: number): void {
  if (reachMs === undefined) {
    process.stdout.write(`${what}: ${ms.toFixed(1)} ms\n`)
    return
  }
  const verdict = ms <= reachMs ? 'reached' : 'NOT REACHED'
  process.stdout.write(`${what}: ${ms.toFixed(1)} ms (reach ${reachMs} ms: ${verdict})\n`)
}
