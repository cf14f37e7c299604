import type { Micros } from '../../preload/contract/money.ts'
import { SubletError } from './errors.ts'

export const zeroMicros = 0 as Micros
const msPerHour = 3_600_000

/** Takes a number as an amount. Throws `internal` unless it is an integer that is exact. */
export function micros(amount: number): Micros {
  if (!Number.isSafeInteger(amount)) {
    throw new SubletError('internal', `${amount} is not a whole number of micro-dollars.`)
  }
  return (amount === 0 ? 0 : amount) as Micros
}

/** Adds amounts; throws `internal` where the sum would no longer be exact. */
export function sumMicros(amounts: Iterable<number>): Micros {
  let total = 0
  for (const amount of amounts) total = micros(total + amount)
  return micros(total)
}

/**
 * What `durationMs` costs at an hourly price. Rounded half up to the micro-dollar, once: call it
 * for the total of a rental and split that with `splitMicros`, never for its parts.
 */
export function microsForMs(microsPerHour: number, durationMs: number): Micros {
  return scaleMicros(microsPerHour, durationMs, msPerHour)
}

/** The longest time, in whole milliseconds, whose cost does not exceed `amount`. */
export function msForMicros(amount: number, microsPerHour: number): number {
  if (microsPerHour <= 0) return Number.MAX_SAFE_INTEGER
  if (amount <= 0) return 0
  const exact = (BigInt(amount) * BigInt(msPerHour)) / BigInt(microsPerHour)
  return exact > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(exact)
}

/**
 * `amount × numerator ÷ denominator`, exact, then rounded half up. All integers, the denominator
 * positive. Products beyond 2^53 take BigInt; smaller ones are exact without.
 */
export function scaleMicros(amount: number, numerator: number, denominator: number): Micros {
  const product = amount * numerator
  if (Number.isSafeInteger(product) && product >= 0) {
    const rest = product % denominator
    const whole = (product - rest) / denominator
    return micros(rest >= denominator / 2 ? whole + 1 : whole)
  }
  const exact = BigInt(amount) * BigInt(numerator)
  const divisor = 2n * BigInt(denominator)
  const shifted = 2n * exact + BigInt(denominator)
  // BigInt division truncates towards zero; half up needs the floor.
  const floor = shifted / divisor - (shifted % divisor < 0n ? 1n : 0n)
  return micros(Number(floor))
}

/**
 * Splits a total in proportion to weights (integers, not negative) by cumulative rounding: part i
 * is the rounded total up to i less the rounded total up to i-1. The parts add up to the total
 * exactly, and cutting finer never moves money across an existing cut. Without any weight
 * everything falls to the last part.
 */
export function splitMicros(total: number, weights: readonly number[]): Micros[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  let passed = 0
  let spent = 0
  return weights.map((weight, index) => {
    passed += weight
    const last = index === weights.length - 1
    const upTo = last ? total : whole === 0 ? 0 : scaleMicros(total, passed, whole)
    const part = micros(upTo - spent)
    spent = upTo
    return part
  })
}
