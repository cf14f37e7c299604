import type { SpendMonth, SpendRow } from '../../../preload/contract/spend.ts'
import { formatDuration, formatMicros, formatTime } from '../../../main/domain/format.ts'

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** `2026-11` → `November 2026` */
export function monthWords(month: string): string {
  return `${monthNames[Number(month.slice(5, 7)) - 1] ?? ''} ${month.slice(0, 4)}`
}

/** `2026-11-20` → `20 November` */
export function dayWords(day: string): string {
  return `${Number(day.slice(8, 10))} ${monthNames[Number(day.slice(5, 7)) - 1] ?? ''}`
}

/** `30th`, `1st` */
export function ordinal(day: number): string {
  const teen = day % 100 >= 11 && day % 100 <= 13
  const ending = teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')
  return `${day}${ending}`
}

/** `0.951` → `95.1 %`; the last tenth is cut, so that 100 % means all of it. */
export function percent(share: number): string {
  const tenths = Math.floor(share * 1_000 + 1e-9)
  return tenths === 0 || tenths === 1_000 ? `${tenths / 10} %` : `${(tenths / 10).toFixed(1)} %`
}

/** `20 Nov 16:20` in the reporting zone, which the page names once. */
export function whenWords(at: number, offsetMinutes: number): string {
  const text = formatTime(at, { offsetMinutes })
  return `${Number(text.slice(8, 10))} ${(monthNames[Number(text.slice(5, 7)) - 1] ?? '').slice(0, 3)} ${text.slice(11, 16)}`
}

/** `11:58:40`, with its day where that is not the row's: when the receipt came. */
export function receiptWords(row: SpendRow, offsetMinutes: number): string {
  if (row.receiptAt === null) return ''
  const day = formatTime(row.from, { offsetMinutes }).slice(0, 10)
  const text = formatTime(row.receiptAt, { offsetMinutes, seconds: true })
  return text.startsWith(day) ? text.slice(11, 19) : whenWords(row.receiptAt, offsetMinutes)
}

/** The part of the paid time in which the job's own program ran; null where it is not known. */
export function usefulShare(row: Pick<SpendRow, 'usefulMs' | 'billedMs'>): number | null {
  if (row.usefulMs === null || row.billedMs === 0) return null
  return Math.min(1, row.usefulMs / row.billedMs)
}

/** What stands where the provider's own figure would: the figure, or what is known instead. */
export function reconciledWords(row: SpendRow): string {
  if (row.reconciledMicros !== null) return formatMicros(row.reconciledMicros)
  return row.status === 'estimated' ? 'running' : 'not told'
}

/** One sentence about how firm a row's figures are, for its tooltip. */
export function statusSentence(row: SpendRow): string {
  if (row.status === 'estimated') return 'The machine is still paid for: metered up to now.'
  if (row.reconciledMicros === null) {
    return 'Metered by our own clock; the provider tells no amount of its own.'
  }
  const drift = row.reconciledMicros - row.meteredMicros
  if (drift === 0) return "The provider's own account is exactly what we metered."
  const way = drift > 0 ? 'more' : 'less'
  return `The provider's own account is ${formatMicros(Math.abs(drift))} ${way} than we metered.`
}

/** `RTX 4090 · vast` */
export function machineWords(row: SpendRow, providerName: (id: string) => string): string {
  return `${row.gpu ?? 'no GPU'} · ${providerName(row.providerId)}`
}

/** How the paid time was used, in one sentence; empty where nothing is known. */
export function usedSentence(month: SpendMonth): string {
  if (month.billedMs === 0) return ''
  const share = Math.min(1, month.usefulMs / month.billedMs)
  const rest = month.billedMs - month.usefulMs
  const words = `${percent(share)} of billed seconds ran a job's program`
  return rest > 0
    ? `${words}; the other ${formatDuration(rest)} went to boot, upload, collection and waiting.`
    : `${words}.`
}
