import { SubletError } from './errors.ts'

const unitMs: Readonly<Record<string, bigint>> = {
  d: 86_400_000n,
  h: 3_600_000n,
  m: 60_000n,
  s: 1_000n,
}
const longest = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * Reads `90s`, `30m`, `2h`, `1d`, `1h30m` or `0` into whole milliseconds, by exact decimal
 * arithmetic (a fraction of a millisecond is rounded up). Fails with `invalid`, naming `what`.
 */
export function parseDurationMs(text: string | number, what: string): number {
  const source = String(text).trim()
  if (source === '0') return 0
  let total = 0n
  let rest = source
  while (rest !== '') {
    const match = /^(\d{1,15})(?:\.(\d{1,15}))?([dhms])/.exec(rest)
    const unit = unitMs[match?.[3] ?? '']
    if (!match || unit === undefined) throw notADuration(source, what)
    const fraction = match[2] ?? ''
    const scale = 10n ** BigInt(fraction.length)
    total += (BigInt(`${match[1]}${fraction}`) * unit + scale - 1n) / scale
    rest = rest.slice(match[0].length)
  }
  if (source === '' || total > longest) throw notADuration(source, what)
  return Number(total)
}

function notADuration(source: string, what: string): SubletError {
  return new SubletError(
    'invalid',
    `${what} "${source}" is not a duration: write it as 90s, 30m, 2h, 1d or 1h30m.`,
  )
}

/** The way back: whole milliseconds as `1h30m`, exactly as `parseDurationMs` reads it. */
export function durationText(durationMs: number): string {
  if (durationMs === 0) return '0'
  let rest = BigInt(durationMs)
  let text = ''
  for (const [unit, size] of Object.entries(unitMs)) {
    if (rest < size) continue
    text += `${rest / size}${unit}`
    rest %= size
  }
  return rest === 0n ? text : `${text}0.${String(rest).padStart(3, '0')}s`
}
