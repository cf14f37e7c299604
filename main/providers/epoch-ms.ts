/** A time as an API writes it (ISO 8601), in epoch milliseconds; null where it cannot be read. */
export function epochMs(time: string | null | undefined): number | null {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? null : at
}
