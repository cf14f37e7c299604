/** Plain words for figures, shared by every interface. Pure: nothing here reads a clock. */

const microsPerCent = 10_000

/** `$0.80`, `$1,234.50`; below ten cents as many digits as it takes to see it (`$0.0123`). */
export function formatMicros(micros: number): string {
  const sign = micros < 0 ? '-' : ''
  const amount = Math.abs(micros)
  const decimals = amount === 0 || amount >= 10 * microsPerCent ? 2 : amount >= 100 ? 4 : 6
  const step = 10 ** (6 - decimals)
  const rounded = Math.round(amount / step) * step
  const whole = Math.floor(rounded / 1_000_000)
  const digits = String(rounded % 1_000_000).padStart(6, '0')
  const kept = digits.slice(0, decimals).replace(/(\d\d)(\d*?)0+$/, '$1$2')
  return `${sign}$${groupThousands(whole)}.${kept}`
}

/** `$0.80/h` */
export function formatMicrosPerHour(micros: number): string {
  return `${formatMicros(micros)}/h`
}

/** `$584.00/month`; a month is 730 hours, which whoever shows it says once. */
export function formatMicrosPerMonth(micros: number): string {
  return `${formatMicros(micros)}/month`
}

/** `850 ms`, `4.2 s`, `45 s`, `3 min 5 s`, `2 h 5 min`, `1 d 3 h`: two units at most. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, Math.round(durationMs))
  if (ms < 1_000) return `${ms} ms`
  if (ms < 10_000) return `${trimZero((Math.floor(ms / 100) / 10).toFixed(1))} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return twoUnits(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1_440) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** `0 B`, `999 B`, `1.2 kB`, `3.4 GB`: decimal units, as transfers and disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  const shown =
    unit === 0 || value >= 99.95 ? String(Math.round(value)) : trimZero(value.toFixed(1))
  return `${shown} ${units[unit] ?? 'B'}`
}

/** The zone's offset at that time, as people say it: `UTC`, `UTC+1`, `UTC+5:30`. */
function formatZone(at: number, offsetMinutes = -new Date(at).getTimezoneOffset()): string {
  if (offsetMinutes === 0) return 'UTC'
  const size = Math.abs(offsetMinutes)
  const minutes = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${Math.floor(size / 60)}${minutes}`
}

export interface TimeStyle {
  /** Times on another day than this get their date. */
  readonly near?: number
  readonly seconds?: boolean
  /** Defaults to this computer's zone at that time. */
  readonly offsetMinutes?: number
}

/** `18:05 UTC+1`; with the date (`2026-03-01 18:05 UTC+1`) unless on the same day as `near`. */
export function formatTime(at: number, style: TimeStyle = {}): string {
  const offset = style.offsetMinutes ?? -new Date(at).getTimezoneOffset()
  const local = new Date(at + offset * 60_000).toISOString()
  const clock = local.slice(11, style.seconds === true ? 19 : 16)
  const day = local.slice(0, 10)
  const nearDay =
    style.near === undefined
      ? undefined
      : new Date(
          style.near + (style.offsetMinutes ?? -new Date(style.near).getTimezoneOffset()) * 60_000,
        )
          .toISOString()
          .slice(0, 10)
  return `${day === nearDay ? '' : `${day} `}${clock} ${formatZone(at, offset)}`
}

/** `just now`, `2 min ago`, `3 d ago`: the age of a price or a reading. */
export function formatAge(at: number, now: number): string {
  const seconds = Math.floor((now - at) / 1_000)
  if (seconds < 10) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

/** `1 file`, `3 files`, `1,204 files`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${groupThousands(count)} ${count === 1 ? one : many}`
}

function twoUnits(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text
}

function groupThousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
