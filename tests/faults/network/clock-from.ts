/** SUBLET_CLOCK for time that stands at `startAt` (epoch ms; now by default) and then runs as fast. */
export function clockFrom(speed: number, startAt?: number): string {
  const now = Date.now()
  if (startAt === undefined) return `${speed}@${now}`
  if (speed === 1) throw new Error('Real time cannot begin elsewhere.')
  return `${speed}@${Math.round((now * speed - startAt) / (speed - 1))}`
}
