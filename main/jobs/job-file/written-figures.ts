/** Micro-dollars as a job file writes them, exactly: `12`, `0.40`, `0.000001`. */
export function usdText(micros: number): string {
  const whole = Math.floor(micros / 1_000_000)
  const fraction = String(micros % 1_000_000).padStart(6, '0')
  const kept = fraction.replace(/0+$/, '')
  return kept === '' ? String(whole) : `${whole}.${kept.padEnd(2, '0')}`
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const

/** Milliseconds as a job file writes them, exactly: `1d12h`, `90m` as `1h30m`, `0.5s`, `0`. */
export function durationText(durationMs: number): string | 0 {
  if (durationMs === 0) return 0
  let rest = durationMs
  let text = ''
  for (const [unit, ms] of units) {
    const count = Math.floor(rest / ms)
    if (count > 0) text += `${count}${unit}`
    rest -= count * ms
  }
  if (rest === 0) return text
  const fraction = String(rest % 1_000)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return `${text}${Math.floor(rest / 1_000)}${fraction === '' ? '' : `.${fraction}`}s`
}
