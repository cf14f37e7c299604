const quarterMs = 900_000

/**
 * How many minutes a zone (an IANA name that `reportingZone` accepts) is ahead of UTC at a time.
 * The answered function keeps the last quarter of an hour, since offsets change only there and
 * callers go through times in order.
 */
export function zoneOffset(name: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  let quarter = Number.NaN
  let minutes = 0
  return (at) => {
    const now = Math.floor(at / quarterMs)
    if (now === quarter) return minutes
    const start = now * quarterMs
    const parts = format.formatToParts(start)
    const part = (type: string): number =>
      Number(parts.find((one) => one.type === type)?.value ?? '0')
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
    )
    quarter = now
    minutes = Math.round((local - start) / 60_000)
    return minutes
  }
}

/** `2026-03-29T01:59:59.000+01:00`: the time with its offset, readable everywhere. */
export function isoWithOffset(at: number, offsetMinutes: number): string {
  const local = new Date(at + offsetMinutes * 60_000).toISOString().slice(0, -1)
  const size = Math.abs(offsetMinutes)
  const two = (value: number): string => String(value).padStart(2, '0')
  const sign = offsetMinutes < 0 ? '-' : '+'
  return `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
