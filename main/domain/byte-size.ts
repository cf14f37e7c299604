import { SubletError } from './errors.ts'

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** Reads a size (`12GB`, `1.5 TB`, `500MiB`, a bare number of bytes) into whole bytes. Fails with `invalid`. */
export function parseByteSize(text: string | number, what: string): number {
  const source = String(text).trim()
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.exec(source)
  const factor = units[(match?.[2] ?? 'b').toLowerCase()]
  const bytes = factor === undefined ? Number.NaN : Math.round(Number(match?.[1]) * factor)
  if (Number.isSafeInteger(bytes)) return bytes
  throw new SubletError(
    'invalid',
    `${what} "${source}" is not a size: write it as 500MB, 12GB or 1.5TB.`,
  )
}

/** Bytes as a job file writes them, exactly: `12GB`, `1500MB`, `1234`. */
export function byteSizeText(bytes: number): string {
  for (const [unit, factor] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (bytes > 0 && bytes % factor === 0) return `${bytes / factor}${unit}`
  }
  return String(bytes)
}
