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
  const sign = offsetMinutes < 0 ? '-' : '+'
  return `${local}${sign}${pad(Math.floor(size / 60), 2)}:${pad(size % 60, 2)}`
}

/**
 * `isoWithOffset` for a zone and for many times in order: what does not change within a quarter
 * of an hour is reckoned once.
 */
export function isoWriter(name: string): (at: number) => string {
  const offset = zoneOffset(name)
  let quarter = Number.NaN
  let head = ''
  let tail = ''
  let firstMinute = 0
  return (at) => {
    const now = Math.floor(at / quarterMs)
    if (now !== quarter) {
      quarter = now
      const start = isoWithOffset(now * quarterMs, offset(at))
      head = start.slice(0, 14)
      tail = start.slice(23)
      firstMinute = Number(start.slice(14, 16))
    }
    const ms = at - quarter * quarterMs
    const minute = firstMinute + Math.floor(ms / 60_000)
    const second = Math.floor(ms / 1_000) % 60
    const rest = ms % 1_000
    return `${head}${pad(minute, 2)}:${pad(second, 2)}.${pad(rest, 3)}${tail}`
  }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
