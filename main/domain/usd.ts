import type { Micros } from '../../preload/contract/money.ts'
import { SubletError } from './errors.ts'

const largest = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * Reads an amount in US dollars (`12`, `0.40`, `$0.000001`) into integer micro-dollars, by exact
 * decimal arithmetic. Fails with `invalid`, naming `what`, below one micro-dollar's precision.
 */
export function parseUsd(amount: string | number, what: string): Micros {
  const source = String(amount).trim()
  const match = /^\$?(\d{1,10})(?:\.(\d{1,6}))?$/.exec(source)
  if (!match) {
    throw new SubletError(
      'invalid',
      `${what} "${source}" is not an amount in USD: write it as 12 or 0.40, with at most six decimals.`,
    )
  }
  const micros = BigInt(`${match[1]}${(match[2] ?? '').padEnd(6, '0')}`)
  if (micros > largest) {
    throw new SubletError('invalid', `${what} "${source}" is more than Sublet can count.`)
  }
  return Number(micros) as Micros
}

/**
 * A provider's amount in US dollars (`12.45`, `-3.1`, `0.00350000001`; text, or a number of JSON) in
 * integer micro-dollars, rounded half away from zero. Fails with `unavailable` where it is no such
 * amount.
 */
export function microsOfUsd(amount: string | number): Micros {
  // A number may be written as 1e-7.
  const text = typeof amount === 'number' ? amount.toFixed(12) : amount.trim()
  const match = /^(-?)(\d{1,9})(?:\.(\d+))?$/.exec(text)
  if (!match) throw new SubletError('unavailable', `"${amount}" is not an amount in USD.`)
  const [, sign, whole = '0', fraction = ''] = match
  const kept = Number(`${whole}${fraction.slice(0, 6).padEnd(6, '0')}`)
  const size = kept + (Number(fraction[6] ?? '0') >= 5 ? 1 : 0)
  return (sign === '-' && size > 0 ? -size : size) as Micros
}
